namespace ThriftBreaker.Generator.Model;

/// <summary>What was read from one marked node.</summary>
/// <param name="Services">The services that get a client.</param>
/// <param name="IsCertain">Whether all could be read; if not, what was an error of the user's may be none after an edit anywhere.</param>
internal readonly record struct ReadServices(EquatableArray<ServiceModel> Services, bool IsCertain);

using CsCheck;

namespace ThriftBreaker.Generator.Tests.RandomServices;

/// <summary>Picks one of several values.</summary>
internal static class Pick
{
    public static Gen<T> OneOf<T>(params T[] all) => Gen.Int[0, all.Length - 1].Select(which => all[which]);
}

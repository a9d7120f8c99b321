using CsCheck;

namespace ThriftBreaker.Generator.Tests.RandomServices;

/// <summary>One of a few.</summary>
internal static class Pick
{
    public static Gen<T> Of<T>(params T[] all) => Gen.Int[0, all.Length - 1].Select(which => all[which]);
}

using System.Globalization;
using Circuit.Payloads;

namespace ThriftBreaker.WireBenchmarks;

/// <summary>Specifies the sizes of a call.</summary>
internal enum Payload
{
    /// <summary>A short text to a boolean.</summary>
    Small,

    /// <summary>A text of 1 KB to the same.</summary>
    Kilobyte,

    /// <summary>A number to 500 structs, about 20 KB.</summary>
    Items,

    /// <summary>A number to 1 MB of bytes.</summary>
    Megabyte,
}

/// <summary>The values in requests and replies.</summary>
internal static class PayloadValues
{
    public const string ShortText = "text";
    public const int ItemCount = 500;
    public const int LargeSize = 1_000_000;

    public static string Text { get; } = new('x', 1_000);

    public static byte[] Bytes { get; } = new byte[LargeSize];

    public static List<Item> Items { get; } =
    [
        .. Enumerable.Range(0, ItemCount).Select(static number => new Item { Id = number, Name = string.Create(CultureInfo.InvariantCulture, $"item {number:000000}"), Price = number / 10.0, Available = number % 2 == 0 }),
    ];

    /// <summary>Gets the sizes of a request and a reply in Thrift's binary protocol, for the raw socket.</summary>
    public static (int Request, int Reply) GetSizes(Payload payload) => payload switch
    {
        Payload.Small => (32, 25),
        Payload.Kilobyte => (1_024, 1_027),
        Payload.Items => (25, 20_030),
        _ => (25, LargeSize + 27),
    };
}

using System.Buffers.Binary;
using System.Text;
using Thrift.Protocol.Entities;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>What a client may make of a reply that was tampered with.</summary>
public enum Mercy
{
    /// <summary>It may be read, as whatever it says now; or not.</summary>
    Anything,

    /// <summary>It must be read, and right.</summary>
    MustBeRight,

    /// <summary>It must not be read: it is not whole, or not the answer to this request.</summary>
    MustFail,
}

/// <summary>One way to break a reply.</summary>
internal sealed record Tampering(string Name, Mercy Mercy, ScriptedServer.Tampering Apply);

/// <summary>Every way in which replies are broken. What is random about one comes from the random, so that it can be done again.</summary>
internal static class Tamperings
{
    private static readonly byte[] TypeCodes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 0x7F, 0x80, 0xF5, 0xF8, 0xFC, 0xFF];
    private static readonly string[] TypeNames = ["\"tf\"", "\"i8\"", "\"i16\"", "\"i32\"", "\"i64\"", "\"dbl\"", "\"str\"", "\"rec\"", "\"map\"", "\"lst\"", "\"set\"", "\"uid\"", "\"\"", "\"what\""];
    private static readonly string[] Numbers = ["-1", "0", "65536", "2147483647", "-2147483648", "4294967297", "99999999999999999999", "1e5", "-", "", "\"1\"", "1.5"];

    private static readonly byte[][] TextOpenings = ["{\"7\":{\"rec\":"u8.ToArray(), "[\"lst\",1,"u8.ToArray(), "[\"map\",\"lst\",1,{"u8.ToArray(), "{\""u8.ToArray()];

    private static readonly byte[][] Openings =
    [
        [0x0C, 0, 7], [0x1C], [0x19], [0x0F, 0, 7, 0x0F, 0, 0, 0, 1], [0x0F, 0, 0, 0, 1], [0x0D, 0, 7, 0x0F, 0x0F, 0, 0, 0, 1], [0x1B, 0x01, 0x99],
    ];

    private static readonly byte[][] Lengths =
    [
        [0x7F, 0xFF, 0xFF, 0xFF], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0, 1, 0, 0], [0, 0, 0xFF, 0xFF], [0x01, 0, 0, 0],
        [0xFF, 0xFF, 0xFF, 0xFF, 0x07], [0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x80, 0x80, 0x80, 0x80, 0x08], [0xFF, 0xFF, 0x03], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
    ];

    /// <summary>The random choose one, and throw for it.</summary>
    public static Tampering Choose(ThriftTransport transport, Random random)
    {
        var framed = transport == ThriftTransport.Framed;
        return random.Next(18) switch
        {
            0 => Of("bits flipped", framed, random, Flip),
            1 => new("cut off", Mercy.MustFail, (server, request) => new(CutOff(server.Reply(request), random), Silence: random.Next(20) == 0)),
            2 => Of("something put in", framed, random, Insert),
            3 => Of("something left out", framed, random, Delete),
            4 or 5 => Of("a length blown up", framed, random, BlowUp),
            6 or 7 => Of("a type exchanged", framed, random, ExchangeType),
            8 => Of("a part repeated", framed, random, Repeat),
            9 => new("without an end", Mercy.Anything, (server, request) => Endless(server.Reply(request), random)),
            10 => new("spliced with another", Mercy.Anything, (server, request) => new(Splice(server.Reply(request), server.Reply(request, Renumbered(random.Next())), random))),
            11 => new("the reply to the next request behind it", Mercy.MustBeRight, static (server, request) => new([.. server.Reply(request), .. server.Reply(request, Renumbered(1))])),
            12 => new("in one piece with the reply to the next request", Mercy.Anything, (server, request) => new(InOneFrame(framed, server.Reply(request), server.Reply(request, Renumbered(1))))),
            13 => new("another request's number", Mercy.MustFail, (server, request) => new(server.Reply(request, Renumbered(random.Next(1, 3) * (random.Next(2) == 0 ? 1 : -1))))),
            14 => new("another method's name", Mercy.MustFail, (server, request) => new(server.Reply(request, head => new TMessage(random.Next(2) == 0 ? "slow" : head.Name + "s", TMessageType.Reply, head.SeqID)))),
            15 => new("no reply by its type", Mercy.MustFail, (server, request) => new(server.Reply(request, head => new TMessage(head.Name, random.Next(2) == 0 ? TMessageType.Call : TMessageType.Oneway, head.SeqID)))),
            16 => new("random bytes", Mercy.MustFail, (_, _) => new(Framed(framed && random.Next(2) == 0, Bytes(random, random.Next(200))))),
            _ => new("structs within structs", Mercy.Anything, (server, request) => new(Mangle(framed, random, server.Reply(request), Nest))),
        };
    }

    private static Tampering Of(string name, bool framed, Random random, Func<byte[], Random, byte[]> mangle)
        => new(name, Mercy.Anything, (server, request) => new(Mangle(framed, random, server.Reply(request), mangle), Silence: random.Next(50) == 0));

    /// <summary>The message; and of a frame, half of the time its length with it, so that what is broken gets past the frame.</summary>
    private static byte[] Mangle(bool framed, Random random, byte[] reply, Func<byte[], Random, byte[]> mangle)
        => framed && random.Next(4) != 0 ? Framed(true, mangle(reply[4..], random)) : mangle(reply, random);

    private static byte[] Framed(bool framed, byte[] message)
    {
        if (!framed)
        {
            return message;
        }

        byte[] frame = [0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteInt32BigEndian(frame, message.Length);
        return frame;
    }

    private static byte[] InOneFrame(bool framed, byte[] first, byte[] second) => framed ? Framed(true, [.. first[4..], .. second[4..]]) : [.. first, .. second];

    private static Func<TMessage, TMessage> Renumbered(int by) => head => new TMessage(head.Name, head.Type, head.SeqID + by);

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Flip(byte[] reply, Random random)
    {
        byte[] flipped = [.. reply];
        for (var flips = random.Next(1, 5); flips > 0; flips--)
        {
            flipped[random.Next(flipped.Length)] ^= (byte)(1 << random.Next(8));
        }

        return flipped;
    }

    private static byte[] CutOff(byte[] reply, Random random) => reply[..random.Next(reply.Length)];

    private static byte[] Insert(byte[] reply, Random random)
    {
        var at = random.Next(reply.Length + 1);
        return [.. reply[..at], .. Bytes(random, random.Next(1, 17)), .. reply[at..]];
    }

    private static byte[] Delete(byte[] reply, Random random)
    {
        var at = random.Next(reply.Length);
        return [.. reply[..at], .. reply[Math.Min(reply.Length, at + random.Next(1, 9))..]];
    }

    private static byte[] BlowUp(byte[] reply, Random random)
    {
        var at = random.Next(reply.Length);
        if (reply[0] == '[')
        {
            while (at > 0 && !char.IsAsciiDigit((char)reply[at]))
            {
                at--;
            }

            var end = at;
            while (end < reply.Length && char.IsAsciiDigit((char)reply[end]))
            {
                end++;
            }

            return [.. reply[..at], .. Encoding.ASCII.GetBytes(Numbers[random.Next(Numbers.Length)]), .. reply[end..]];
        }

        var length = Lengths[random.Next(Lengths.Length)];
        return [.. reply[..at], .. length, .. reply[Math.Min(reply.Length, at + (random.Next(2) == 0 ? 1 : length.Length))..]];
    }

    private static byte[] ExchangeType(byte[] reply, Random random)
    {
        if (reply[0] == '[')
        {
            var text = Encoding.UTF8.GetString(reply);
            var old = TypeNames[random.Next(TypeNames.Length)];
            return Encoding.UTF8.GetBytes(text.Replace(text.Contains(old, StringComparison.Ordinal) ? old : "\"rec\"", TypeNames[random.Next(TypeNames.Length)], StringComparison.Ordinal));
        }

        byte[] exchanged = [.. reply];
        exchanged[random.Next(exchanged.Length)] = TypeCodes[random.Next(TypeCodes.Length)];
        return exchanged;
    }

    private static byte[] Repeat(byte[] reply, Random random)
    {
        var from = random.Next(reply.Length);
        var to = random.Next(from, reply.Length) + 1;
        return [.. reply[..to], .. Enumerable.Repeat(reply[from..to], random.Next(1, 200)).SelectMany(static part => part), .. reply[to..]];
    }

    private static ScriptedServer.Script Endless(byte[] reply, Random random)
    {
        var end = random.Next(reply.Length);
        var from = random.Next(end + 1);
        return new(reply[..end], Forever: from < end && random.Next(3) != 0 ? reply[from..end] : Bytes(random, random.Next(1, 5)));
    }

    private static byte[] Splice(byte[] reply, byte[] other, Random random) => [.. reply[..random.Next(reply.Length)], .. other[random.Next(other.Length)..]];

    /// <summary>Fields that nobody knows, one within the other, deeper than any stack would like: a struct's, a list's or a map's.</summary>
    private static byte[] Nest(byte[] reply, Random random)
    {
        var openings = reply[0] == '[' ? TextOpenings : Openings;
        var at = random.Next(reply.Length + 1);
        return [.. reply[..at], .. Enumerable.Repeat(openings[random.Next(openings.Length)], random.Next(1, 4_000)).SelectMany(static part => part), .. reply[at..]];
    }
}

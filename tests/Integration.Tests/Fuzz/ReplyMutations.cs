using System.Buffers.Binary;
using System.Text;
using Thrift.Protocol.Entities;

namespace ThriftBreaker.Integration.Tests.Fuzz;

/// <summary>Specifies the allowed results of a mutated reply.</summary>
public enum Expectation
{
    /// <summary>The reply can be read with any result, or rejected.</summary>
    Anything,

    /// <summary>The reply must be read with the correct result.</summary>
    MustSucceed,

    /// <summary>The reply must be rejected: it is incomplete, or not the reply to this request.</summary>
    MustFail,
}

/// <summary>A mutation of a reply.</summary>
internal sealed record Mutation(string Name, Expectation Expectation, ScriptedServer.Mutator Apply);

/// <summary>The mutations of replies. A seeded <see cref="Random"/> makes them reproducible.</summary>
internal static class ReplyMutations
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

    /// <summary>Creates a random mutation.</summary>
    public static Mutation CreateRandom(ThriftTransport transport, Random random)
    {
        var framed = transport == ThriftTransport.Framed;
        return random.Next(18) switch
        {
            0 => CreateMutation("bits flipped", framed, random, Flip),
            1 => new("truncated", Expectation.MustFail, (server, request) => new(Truncate(server.Reply(request), random), Silence: random.Next(20) == 0)),
            2 => CreateMutation("bytes inserted", framed, random, Insert),
            3 => CreateMutation("bytes deleted", framed, random, Delete),
            4 or 5 => CreateMutation("length enlarged", framed, random, EnlargeLength),
            6 or 7 => CreateMutation("type replaced", framed, random, ReplaceType),
            8 => CreateMutation("part repeated", framed, random, Repeat),
            9 => new("endless", Expectation.Anything, (server, request) => Endless(server.Reply(request), random)),
            10 => new("spliced with another reply", Expectation.Anything, (server, request) => new(Splice(server.Reply(request), server.Reply(request, WithSequenceIdOffset(random.Next())), random))),
            11 => new("followed by the reply to the next request", Expectation.MustSucceed, static (server, request) => new([.. server.Reply(request), .. server.Reply(request, WithSequenceIdOffset(1))])),
            12 => new("in one frame with the reply to the next request", Expectation.Anything, (server, request) => new(CombineFrames(framed, server.Reply(request), server.Reply(request, WithSequenceIdOffset(1))))),
            13 => new("another sequence ID", Expectation.MustFail, (server, request) => new(server.Reply(request, WithSequenceIdOffset(random.Next(1, 3) * (random.Next(2) == 0 ? 1 : -1))))),
            14 => new("another method name", Expectation.MustFail, (server, request) => new(server.Reply(request, header => new TMessage(random.Next(2) == 0 ? "slow" : header.Name + "s", TMessageType.Reply, header.SeqID)))),
            15 => new("another message type", Expectation.MustFail, (server, request) => new(server.Reply(request, header => new TMessage(header.Name, random.Next(2) == 0 ? TMessageType.Call : TMessageType.Oneway, header.SeqID)))),
            16 => new("random bytes", Expectation.MustFail, (_, _) => new(CreateFrame(framed && random.Next(2) == 0, CreateBytes(random, random.Next(200))))),
            _ => new("nested structs", Expectation.Anything, (server, request) => new(Mutate(framed, random, server.Reply(request), Nest))),
        };
    }

    private static Mutation CreateMutation(string name, bool framed, Random random, Func<byte[], Random, byte[]> mutate)
        => new(name, Expectation.Anything, (server, request) => new(Mutate(framed, random, server.Reply(request), mutate), Silence: random.Next(50) == 0));

    /// <summary>
    /// Mutates the message; for a frame usually with a correct length, so that the mutation reaches the protocol.
    /// </summary>
    private static byte[] Mutate(bool framed, Random random, byte[] reply, Func<byte[], Random, byte[]> mutate)
        => framed && random.Next(4) != 0 ? CreateFrame(true, mutate(reply[4..], random)) : mutate(reply, random);

    private static byte[] CreateFrame(bool framed, byte[] message)
    {
        if (!framed)
        {
            return message;
        }

        byte[] frame = [0, 0, 0, 0, .. message];
        BinaryPrimitives.WriteInt32BigEndian(frame, message.Length);
        return frame;
    }

    private static byte[] CombineFrames(bool framed, byte[] first, byte[] second) => framed ? CreateFrame(true, [.. first[4..], .. second[4..]]) : [.. first, .. second];

    private static Func<TMessage, TMessage> WithSequenceIdOffset(int by) => header => new TMessage(header.Name, header.Type, header.SeqID + by);

    private static byte[] CreateBytes(Random random, int count)
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

    private static byte[] Truncate(byte[] reply, Random random) => reply[..random.Next(reply.Length)];

    private static byte[] Insert(byte[] reply, Random random)
    {
        var at = random.Next(reply.Length + 1);
        return [.. reply[..at], .. CreateBytes(random, random.Next(1, 17)), .. reply[at..]];
    }

    private static byte[] Delete(byte[] reply, Random random)
    {
        var at = random.Next(reply.Length);
        return [.. reply[..at], .. reply[Math.Min(reply.Length, at + random.Next(1, 9))..]];
    }

    private static byte[] EnlargeLength(byte[] reply, Random random)
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

    private static byte[] ReplaceType(byte[] reply, Random random)
    {
        if (reply[0] == '[')
        {
            var text = Encoding.UTF8.GetString(reply);
            var old = TypeNames[random.Next(TypeNames.Length)];
            return Encoding.UTF8.GetBytes(text.Replace(text.Contains(old, StringComparison.Ordinal) ? old : "\"rec\"", TypeNames[random.Next(TypeNames.Length)], StringComparison.Ordinal));
        }

        byte[] replaced = [.. reply];
        replaced[random.Next(replaced.Length)] = TypeCodes[random.Next(TypeCodes.Length)];
        return replaced;
    }

    private static byte[] Repeat(byte[] reply, Random random)
    {
        var from = random.Next(reply.Length);
        var to = random.Next(from, reply.Length) + 1;
        return [.. reply[..to], .. Enumerable.Repeat(reply[from..to], random.Next(1, 200)).SelectMany(static part => part), .. reply[to..]];
    }

    private static ScriptedServer.ScriptedReply Endless(byte[] reply, Random random)
    {
        var end = random.Next(reply.Length);
        var from = random.Next(end + 1);
        return new(reply[..end], Forever: from < end && random.Next(3) != 0 ? reply[from..end] : CreateBytes(random, random.Next(1, 5)));
    }

    private static byte[] Splice(byte[] reply, byte[] other, Random random) => [.. reply[..random.Next(reply.Length)], .. other[random.Next(other.Length)..]];

    /// <summary>Inserts unknown fields, nested deeper than the stack allows: structs, lists or maps.</summary>
    private static byte[] Nest(byte[] reply, Random random)
    {
        var openings = reply[0] == '[' ? TextOpenings : Openings;
        var at = random.Next(reply.Length + 1);
        return [.. reply[..at], .. Enumerable.Repeat(openings[random.Next(openings.Length)], random.Next(1, 4_000)).SelectMany(static part => part), .. reply[at..]];
    }
}

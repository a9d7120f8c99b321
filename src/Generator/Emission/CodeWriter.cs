using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace ThriftBreaker.Generator.Emission;

/// <summary>Lines of C#, indented by the blocks that are open. Always ends lines with a line feed, whatever the machine.</summary>
internal sealed class CodeWriter
{
    private const int SpacesPerBlock = 4;

    private readonly StringBuilder _text = new(4096);
    private int _openBlocks;
    private bool _isAnnotated = true;

    public CodeWriter Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', _openBlocks * SpacesPerBlock).Append(line);
        }

        _text.Append('\n');
        return this;
    }

    /// <summary>Whether what follows says what may be null, as the file does in the beginning. Null leaves it as it is.</summary>
    public CodeWriter Annotated(bool? annotated)
    {
        if (annotated is { } wanted && wanted != _isAnnotated)
        {
            _isAnnotated = wanted;
            _text.Append(wanted ? "#nullable enable annotations\n" : "#nullable disable annotations\n");
        }

        return this;
    }

    /// <summary>Opens a block under its header.</summary>
    public CodeWriter Open(string header)
    {
        Line(header).Line("{");
        _openBlocks++;
        return this;
    }

    public CodeWriter Close(string end = "}")
    {
        _openBlocks--;
        return Line(end);
    }

    public CodeWriter CloseAll()
    {
        while (_openBlocks > 0)
        {
            Close();
        }

        return this;
    }

    /// <summary>The text, with an encoding: without one it could not be embedded in debug symbols.</summary>
    public SourceText ToSourceText() => SourceText.From(_text.ToString(), Encoding.UTF8);
}

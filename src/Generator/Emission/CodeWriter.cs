using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace ThriftBreaker.Generator.Emission;

/// <summary>
/// Collects C# text, indented by the blocks that are open. Lines always end with a line feed, on every operating
/// system.
/// </summary>
internal sealed class CodeWriter
{
    private const int SpacesPerBlock = 4;

    private readonly StringBuilder _text = new(4096);
    private int _openBlocks;
    private bool _isAnnotated = true;

    /// <summary>Writes one line.</summary>
    public CodeWriter Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', _openBlocks * SpacesPerBlock).Append(line);
        }

        _text.Append('\n');
        return this;
    }

    /// <summary>Writes a text of one or more lines: a template.</summary>
    public CodeWriter Text(string text)
    {
        var start = 0;
        for (var end = 0; end < text.Length; end++)
        {
            if (text[end] == '\n')
            {
                Line(text.Substring(start, end - start).TrimEnd('\r'));
                start = end + 1;
            }
        }

        return Line(text.Substring(start));
    }

    /// <summary>Writes an empty line and a text.</summary>
    public CodeWriter Member(string text) => Line().Text(text);

    /// <summary>Writes each of some texts in a line of its own.</summary>
    public CodeWriter Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Line(line);
        }

        return this;
    }

    /// <summary>
    /// Sets whether the following types are annotated for null, as they are at the start of the file. Null changes
    /// nothing.
    /// </summary>
    public CodeWriter Annotated(bool? annotated)
    {
        if (annotated is { } value && value != _isAnnotated)
        {
            _isAnnotated = value;
            _text.Append(value ? "#nullable enable annotations\n" : "#nullable disable annotations\n");
        }

        return this;
    }

    /// <summary>Writes a header and opens a block under it.</summary>
    public CodeWriter Open(string header)
    {
        Line(header).Line("{");
        _openBlocks++;
        return this;
    }

    /// <summary>Closes the innermost block.</summary>
    public CodeWriter Close(string end = "}")
    {
        _openBlocks--;
        return Line(end);
    }

    /// <summary>Closes all blocks.</summary>
    public CodeWriter CloseAll()
    {
        while (_openBlocks > 0)
        {
            Close();
        }

        return this;
    }

    /// <summary>Returns the text with an encoding, which debug symbols require to embed it.</summary>
    public SourceText ToSourceText() => SourceText.From(_text.ToString(), Encoding.UTF8);
}

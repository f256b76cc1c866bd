using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace AkkaMail.Cli.Frame;

/// <summary>For whom an answer is: people, <c>cut</c> and <c>awk</c>, or <c>jq</c>.</summary>
internal enum Output { Table, Tabs, Json, JsonLines }

/// <summary>
/// The one place that knows how an answer is printed. Notes, which are no part of it, go to standard error.
/// </summary>
internal sealed class Printer(Terminal terminal, Output output)
{
    /// <summary>One line; letters stay letters, and control characters are escaped all the same.</summary>
    public static readonly JsonSerializerOptions Compact =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private bool _hasTitle;

    public Output Output => output;

    public bool IsJson => output is Output.Json or Output.JsonLines;

    /// <summary>Rows of an answer that has them under <paramref name="member"/>.</summary>
    public void List(Answer answer, string member, IReadOnlyList<Field> fields)
    {
        if (output == Output.Json) Json(answer.Text);
        else Rows([.. answer.Json.Rows(member)], fields, Field.Words(member));
    }

    /// <param name="what">What there is none of, when there is none.</param>
    public void Rows(IReadOnlyList<JsonNode> rows, IReadOnlyList<Field> fields, string what = "entries")
    {
        switch (output)
        {
            case Output.Table when rows.Count == 0:
                Note($"No {what}.");
                break;
            case Output.Table:
                Tables.Write(terminal.Screen(), fields, Tables.Cells(rows, fields, Now), terminal.Width);
                break;
            case Output.Tabs:
                foreach (var row in rows) Line(Exact(row, fields));
                break;
            default:
                foreach (var row in rows) Json(row);
                break;
        }
    }

    public void Show(Answer answer, View view)
    {
        if (output == Output.Json) Json(answer.Text);
        else Show(answer.Json, view);
    }

    private void Show(JsonNode thing, View view)
    {
        if (output == Output.JsonLines) Json(thing);
        else if (output == Output.Table) Tables.Write(terminal.Screen(), thing, view, Now, terminal.Width);
        else
        {
            foreach (var field in view.Fields.Where(f => f.By != ReadBy.People))
                if (field.Of(thing, Now) is { Exact.Length: > 0 } cell) Line([field.Name, cell.Exact]);
            foreach (var section in view.Sections)
                foreach (var row in section.Of(thing)) Line([section.Name, .. Exact(row, section.Fields)]);
        }
    }

    /// <summary>What an order has done: a sentence for people, its facts for programs.</summary>
    public void Say(string sentence, params (string Name, string? Value)[] facts)
    {
        if (output == Output.Table) terminal.Out.WriteLine(Terminal.Plain(sentence));
        else if (output == Output.Tabs) Line(facts.Select(f => f.Value));
        else Json(new JsonObject(facts.Select(f => new KeyValuePair<string, JsonNode?>(f.Name, f.Value))));
    }

    /// <summary>As it came from the server; jq reads it, and people who want all of it.</summary>
    public void Json(string text) => terminal.Out.WriteLine(text);

    public void Json(JsonNode node) => terminal.Out.WriteLine(node.ToJsonString(Compact));

    public void Note(string text) => terminal.Error.WriteLine(Terminal.Plain(text));

    /// <summary>
    /// How far something is. On a screen it takes the place of what it said before; <paramref name="isEnd"/> leaves it there.
    /// </summary>
    public void Progress(string text, bool isEnd)
    {
        if (!terminal.Asks || !terminal.HasColour) Note(text);
        else terminal.Error.Write($"\r\e[K{Terminal.Plain(text)}{(isEnd ? Environment.NewLine : "")}");
    }

    /// <summary>A title of the table that follows; where lines are read by programs there is none.</summary>
    public void Title(string text)
    {
        if (output != Output.Table) return;
        Tables.Title(terminal.Screen(), text, isFirst: !_hasTitle);
        _hasTitle = true;
    }

    /// <summary>Whether what is printed next takes the place of what is on the screen.</summary>
    public void Clear()
    {
        if (output == Output.Table && terminal.HasColour) terminal.Out.Write("\e[H\e[J");
    }

    private DateTimeOffset Now => terminal.Time.GetUtcNow();

    private IEnumerable<string> Exact(JsonNode row, IReadOnlyList<Field> fields) =>
        fields.Where(f => f.By != ReadBy.People).Select(f => f.Of(row, Now).Exact);

    private void Line(IEnumerable<string?> cells) =>
        terminal.Out.WriteLine(string.Join('\t', cells.Select(Terminal.Plain)));
}

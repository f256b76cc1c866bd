using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Messages;

/// <summary>
/// A variable's value where it stands in the body. Who sends a mail often sends all that is known of somebody, and the
/// mail says little of it: a text that nobody asks for is never made.
/// </summary>
/// <param name="At">Of its first octet, behind the quotation mark; 0: it is null.</param>
/// <param name="Length">Octets as it is written.</param>
/// <param name="Octets">In UTF-8, once its escapes are read: each of them is longer than what it means.</param>
[SendValueSchema]
[JsonConverter(typeof(SendValueConverter))]
public readonly record struct SendValue(int At, int Length, int Octets)
{
    public bool IsNull => At == 0;

    public string Of(ReadOnlySpan<byte> body)
    {
        if (Octets == Length) return Encoding.UTF8.GetString(body.Slice(At, Length));
        var reader = new Utf8JsonReader(body.Slice(At - 1, Length + 2));
        reader.Read();
        return reader.GetString()!;
    }
}

public sealed class SendValueConverter : JsonConverter<SendValue>
{
    public override bool HandleNull => true;

    public override SendValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Null) return default;
        if (reader.TokenType != JsonTokenType.String) throw InField.Problem("", "must be text");
        var written = reader.ValueSpan.Length;
        return new(checked((int)reader.TokenStartIndex + 1), written,
            reader.ValueIsEscaped ? Encoding.UTF8.GetByteCount(reader.GetString()!) : written);
    }

    public override void Write(Utf8JsonWriter writer, SendValue value, JsonSerializerOptions options) =>
        throw new NotSupportedException("requests are only read");
}

/// <summary>A variable as it was given; its value becomes text when a placeholder asks for it, once.</summary>
internal sealed class GivenVariable(string name, SendValue value, ReadOnlyMemory<byte> body)
{
    public string Name => name;

    public Variable Variable => field ??= new(name, value.Of(body.Span));
}

/// <summary>The rules of variables: names that a placeholder can have, and how many bytes they may be.</summary>
/// <param name="body">In which their values stand.</param>
internal sealed class VariableRules(SendLimits limits, FieldErrors errors, ReadOnlyMemory<byte> body)
{
    /// <summary>Those that are in order.</summary>
    public ImmutableArray<GivenVariable> Read(string field, Dictionary<string, SendValue>? variables)
    {
        if (variables is null) return [];
        if (variables.Count > limits.VariablesMax)
        {
            errors.Add(field, $"are more than {limits.VariablesMax}");
            return [];
        }
        var bytes = 0L;
        var read = ImmutableArray.CreateBuilder<GivenVariable>(variables.Count);
        foreach (var (name, value) in variables)
        {
            if ((value.IsNull ? "must be text" : FieldRules.NameProblem(name) ?? NameProblem(name)) is { } problem)
                errors.Add($"{field}.{name}", problem);
            if (value.IsNull) continue;
            read.Add(new(name, value, body));
            bytes += Encoding.UTF8.GetByteCount(name) + value.Octets;
        }
        if (bytes > limits.VariablesBytesMax) errors.Add(field, $"are longer than {limits.VariablesBytesMax} bytes");
        return read.DrainToImmutable();
    }

    /// <summary>A name that no placeholder can have is one that nobody meant.</summary>
    private static string? NameProblem(string name) =>
        PlaceholderReader.Reserved.Contains(name) ? "is a name that the engine will fill itself, but not yet"
        : name.AsSpan().ContainsAny('{', '}') ? "has a brace in its name"
        : char.IsWhiteSpace(name[0]) || char.IsWhiteSpace(name[^1]) ? "has a blank at an end of its name"
        : null;
}

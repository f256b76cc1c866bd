using System.Collections.Immutable;
using System.Text;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Messages;

/// <summary>A variable as it was given; its value becomes text when a placeholder asks for it, once.</summary>
internal sealed class GivenVariable(string name, BodyText value, ReadOnlyMemory<byte> body)
{
    public string Name => name;

    public Variable Variable => field ??= new(name, value.Of(body.Span));
}

/// <summary>The rules of variables: names that a placeholder can have, and how many bytes they may be.</summary>
/// <param name="body">In which their values stand.</param>
internal sealed class VariableRules(SendLimits limits, FieldErrors errors, ReadOnlyMemory<byte> body)
{
    /// <summary>Those that are in order.</summary>
    public ImmutableArray<GivenVariable> Read(string field, Dictionary<string, BodyText>? variables)
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

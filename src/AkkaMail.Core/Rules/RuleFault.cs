namespace AkkaMail.Core.Rules;

/// <summary>
/// What is wrong with a shaping file, in an operator's words. <paramref name="Line"/> counts from 1, 0 is the file as a
/// whole; <paramref name="Path"/> is e.g. <c>providers.google.limits.rate</c>, empty for the file as a whole.
/// </summary>
public sealed record RuleFault(int Line, string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}

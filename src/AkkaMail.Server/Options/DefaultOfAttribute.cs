namespace AkkaMail.Server.Options;

/// <summary>
/// The setting starts from the value that the part itself has (<c>T.Default</c>): a default stands once, where it is
/// used. A test holds it for each setting that says so, and knows those that have no part to take theirs from.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DefaultOfAttribute<T>(string property) : Attribute
{
    public string Property { get; } = property;
}

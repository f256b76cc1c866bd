using AkkaMail.Core.Rules;

namespace AkkaMail.Core.Shaping.Reading;

/// <summary>Names that become sites: as <see cref="Names"/> has them, and none that is a site of ours.</summary>
internal static class SiteNames
{
    public static string? ProviderProblem(string name) =>
        IsReserved(name) ? $"'{name}' is the name of a site of ours: take another" : Names.Problem(name);

    public static string? DomainProblem(string name) =>
        IsReserved(name) ? $"'{name}' is the name of a site of ours, and no domain" : Names.DomainProblem(name);

    private static bool IsReserved(string name) => name is Sites.Smarthost or Sites.Relay;
}

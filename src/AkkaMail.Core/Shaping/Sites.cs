namespace AkkaMail.Core.Shaping;

/// <summary>Which site a domain belongs to.</summary>
public static class Sites
{
    /// <summary>Sites of ours, which no domain and no provider may be called.</summary>
    public const string Smarthost = Shaping.Smarthost.Site;
    public const string Relay = "relay";
}

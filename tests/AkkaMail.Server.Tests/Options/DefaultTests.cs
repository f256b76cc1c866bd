using System.Reflection;
using AkkaMail.Server.Options;
using AkkaMail.Storage.Content;

namespace AkkaMail.Server.Tests.Options;

/// <summary>A default stands once: in the part that uses it.</summary>
public sealed class DefaultTests
{
    /// <summary>Of the server alone: no part below has one to start from.</summary>
    private static readonly string[] OfTheServer =
    [
        "AkkaMailOptions.AcceptTimeout", "AkkaMailOptions.BodyBytesMax",
        "AkkaMailOptions.Connections", "AkkaMailOptions.ConnectionsPerClient", "ClusterOptions.DownRefusing",
        "ClusterOptions.Host", "ClusterOptions.Port", "ClusterOptions.Tls", "DeliveryOptions.MtaSts", "DeliveryOptions.RelayConnections",
        "DomainsOptions.AllowUnverified", "DomainsOptions.CheckEvery", "DomainsOptions.Grace",
        "EngagementOptions.LookUpTimeout", "EngagementOptions.Recent",
        "RetentionOptions.Content", "RetentionOptions.Envelopes", "RetentionOptions.Returned", "SmtpOptions.KeptBytesMax",
        "StorageOptions.Provider", "AkkaMailOptions.DataDirectory",
    ];

    private static IEnumerable<PropertyInfo> Settings => typeof(AkkaMailOptions).Assembly.GetTypes()
        .Where(t => t.Namespace == typeof(AkkaMailOptions).Namespace && t.Name.EndsWith("Options", StringComparison.Ordinal))
        .SelectMany(t => t.GetProperties()).Where(p => p.CanWrite);

    private static Attribute? DefaultOf(PropertyInfo setting) => setting.GetCustomAttributes()
        .FirstOrDefault(a => a.GetType() is { IsGenericType: true } t && t.GetGenericTypeDefinition() == typeof(DefaultOfAttribute<>));

    [Fact]
    public void A_setting_starts_from_the_value_of_the_part_that_uses_it()
    {
        var held = Settings.Where(s => DefaultOf(s) is not null).ToList();

        Assert.True(held.Count >= 20, $"only {held.Count}");
        Assert.All(held, setting =>
        {
            var attribute = DefaultOf(setting)!;
            var part = attribute.GetType().GenericTypeArguments[0];
            var name = (string)attribute.GetType().GetProperty("Property")!.GetValue(attribute)!;
            var its = part.GetProperty(name)!.GetValue(part.GetProperty("Default")!.GetValue(null));
            var ours = setting.GetValue(Activator.CreateInstance(setting.DeclaringType!));
            Assert.Equal(Convert.ToString(its, null), Convert.ToString(ours, null));
        });
    }

    /// <summary>A new setting with a default says whose it is, or stands in the list above.</summary>
    [Fact]
    public void No_setting_has_a_default_of_its_own_by_the_way()
    {
        var own = Settings.Where(s => DefaultOf(s) is null
                && s.GetValue(Activator.CreateInstance(s.DeclaringType!)) is { } value && value is not false)
            .Select(s => $"{s.DeclaringType!.Name}.{s.Name}");

        Assert.Empty(own.Except(OfTheServer));
    }

    [Fact]
    public void Envelopes_are_kept_for_as_long_as_the_store_says() => Assert.Equal(
        ContentStoreOptions.Default.EnvelopeKeptLonger, new RetentionOptions().Envelopes - new RetentionOptions().Content);
}

using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Tenants;

/// <summary>A stream to be made: mail of a kind, with a reputation and rules of its own.</summary>
/// <param name="Name">What it is called for ever: small letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</param>
/// <param name="Title">What people call it.</param>
/// <param name="Kind">What its mail is, for ever: somebody waits for it, or many get the same.</param>
/// <param name="Unsubscribe">
/// Whether its mail offers to unsubscribe in one click (RFC 8058). Left out: <c>broadcast</c> does.
/// </param>
/// <param name="KeepEnvelopeSender">
/// Whether mail by SMTP keeps its own envelope sender, where the domain allows. Left out: no.
/// </param>
/// <param name="TextFromHtml">Whether HTML alone gets a text made from it. Left out: yes.</param>
/// <param name="EngagedFirst">
/// Whether mail to recipients who showed life of late goes before the others', by an hour at most. Left out:
/// <c>broadcast</c> does. <c>transactional</c> cannot.
/// </param>
public sealed record CreateStreamRequest(
    [Required, MaxLength(MailStream.NameCharacters)] string? Name, [MaxLength(Tenant.TitleCharacters)] string? Title,
    [Required, WordsOf<StreamKind>] string? Kind, bool? Unsubscribe, bool? KeepEnvelopeSender, bool? TextFromHtml,
    bool? EngagedFirst)
{
    internal StreamOrder ToOrder(Caller caller, FieldErrors errors)
    {
        errors.Check("name", Name is null ? "is required" : MailStream.NameProblem(Name));
        errors.Check("title", AccountRules.Title(Title));
        var kind = Kind is null ? null : Words.Parse<StreamKind>(Kind);
        if (kind is null)
            errors.Add("kind", $"{(Kind is null ? "is required" : "is unknown")}: transactional or broadcast");
        return new StreamOrder.Create(
            caller.By, caller.ActsFor, Name!, Title, kind ?? StreamKind.Broadcast, Unsubscribe)
        {
            KeepEnvelopeSender = KeepEnvelopeSender,
            TextFromHtml = TextFromHtml,
            EngagedFirst = EngagedFirst,
        };
    }
}

/// <summary>What to change of a stream. What is left out stays as it is.</summary>
public sealed record ChangeStreamRequest
{
    private string? _title;
    private bool _hasTitle;

    /// <summary>What people call it. <c>null</c> takes it away.</summary>
    [MaxLength(Tenant.TitleCharacters)]
    public string? Title
    {
        get => _title;
        set => (_title, _hasTitle) = (value, true);
    }

    /// <summary>Whether its mail offers to unsubscribe in one click (RFC 8058).</summary>
    public bool? Unsubscribe { get; set; }

    /// <summary>Whether mail by SMTP keeps its own envelope sender, where the domain allows.</summary>
    public bool? KeepEnvelopeSender { get; set; }

    /// <summary>Whether HTML alone gets a text made from it.</summary>
    public bool? TextFromHtml { get; set; }

    /// <summary>
    /// Whether mail to recipients who showed life of late goes before the others', by an hour at most. Of what is
    /// accepted from then on. A <c>transactional</c> stream cannot.
    /// </summary>
    public bool? EngagedFirst { get; set; }

    internal StreamOrder ToOrder(Caller caller, string name, FieldErrors errors)
    {
        errors.Check("title", AccountRules.Title(Title));
        return new StreamOrder.Change(
            caller.By, caller.ActsFor, name, Title, _hasTitle && Title is null, Unsubscribe)
        {
            KeepEnvelopeSender = KeepEnvelopeSender,
            TextFromHtml = TextFromHtml,
            EngagedFirst = EngagedFirst,
        };
    }
}

/// <summary>A stream: mail of a kind, with a reputation and rules of its own.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Name">What it is called for ever.</param>
/// <param name="Title">What people call it. Absent: it has none.</param>
/// <param name="Kind">What its mail is: somebody waits for it, or many get the same.</param>
/// <param name="Unsubscribe">Whether its mail offers to unsubscribe in one click (RFC 8058).</param>
/// <param name="KeepEnvelopeSender">
/// Whether mail by SMTP keeps its own envelope sender, where the domain allows.
/// </param>
/// <param name="TextFromHtml">Whether HTML alone gets a text made from it.</param>
/// <param name="EngagedFirst">
/// Whether mail to recipients who showed life of late goes before the others', by an hour at most.
/// </param>
/// <param name="CreatedAt">When it was made. Absent for the two that are there from the start.</param>
public sealed record StreamResponse(
    string Tenant, string Name, string? Title, [WordsOf<StreamKind>] string Kind, bool Unsubscribe,
    bool KeepEnvelopeSender, bool TextFromHtml, bool EngagedFirst, DateTimeOffset? CreatedAt)
{
    internal static StreamResponse Of(string tenant, MailStream s) =>
        new(tenant, s.Name, s.Title, s.Kind.ToWord(), s.Unsubscribe, s.KeepEnvelopeSender, s.TextFromHtml,
            s.EngagedFirst, s.CreatedAt);
}

/// <summary>A page of a list.</summary>
/// <param name="Streams">A page of streams, by name.</param>
/// <param name="NextCursor">Where the next page begins: give it as <c>cursor</c>. Absent on the last page.</param>
public sealed record StreamListResponse(IReadOnlyList<StreamResponse> Streams, string? NextCursor);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateStreamRequest))]
[JsonSerializable(typeof(ChangeStreamRequest))]
internal sealed partial class StreamJson : JsonSerializerContext;

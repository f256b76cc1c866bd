using System.Text.Json.Serialization;
using AkkaMail.Core.Ids;
using AkkaMail.Core.Tenants;
using AkkaMail.Server.Access;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Api.Tenants;

/// <summary>
/// <c>kind</c> is <c>transactional</c> or <c>broadcast</c>; <c>unsubscribe</c> is as the kind has it,
/// <c>keep_envelope_sender</c> false, <c>text_from_html</c> true.
/// </summary>
public sealed record CreateStreamRequest(
    string? Name, string? Title, string? Kind, bool? Unsubscribe, bool? KeepEnvelopeSender, bool? TextFromHtml)
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
        };
    }
}

/// <summary>What is left out stays as it is; a title of null is taken away.</summary>
public sealed record ChangeStreamRequest
{
    private string? _title;
    private bool _hasTitle;

    public string? Title
    {
        get => _title;
        set => (_title, _hasTitle) = (value, true);
    }

    public bool? Unsubscribe { get; set; }
    public bool? KeepEnvelopeSender { get; set; }
    public bool? TextFromHtml { get; set; }

    internal StreamOrder ToOrder(Caller caller, string name, FieldErrors errors)
    {
        errors.Check("title", AccountRules.Title(Title));
        return new StreamOrder.Change(
            caller.By, caller.ActsFor, name, Title, _hasTitle && Title is null, Unsubscribe)
        {
            KeepEnvelopeSender = KeepEnvelopeSender,
            TextFromHtml = TextFromHtml,
        };
    }
}

public sealed record StreamResponse(
    string Tenant, string Name, string? Title, string Kind, bool Unsubscribe, bool KeepEnvelopeSender,
    bool TextFromHtml, DateTimeOffset? CreatedAt)
{
    internal static StreamResponse Of(string tenant, MailStream s) =>
        new(tenant, s.Name, s.Title, s.Kind.ToWord(), s.Unsubscribe, s.KeepEnvelopeSender, s.TextFromHtml, s.CreatedAt);
}

public sealed record StreamListResponse(IReadOnlyList<StreamResponse> Streams, string? NextCursor);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(CreateStreamRequest))]
[JsonSerializable(typeof(ChangeStreamRequest))]
internal sealed partial class StreamJson : JsonSerializerContext;

using AkkaMail.Server.Data;
using AkkaMail.Server.Http;
using AkkaMail.Server.Messages;
using AkkaMail.Server.Options;
using AkkaMail.Server.Upkeep;
using AkkaMail.Storage.Content;
using AkkaMail.Storage.History;
using AkkaMail.Storage.Idempotency;
using AkkaMail.Storage.Messages;
using AkkaMail.Storage.Sqlite;
using Microsoft.Extensions.Options;

namespace AkkaMail.Server.Api.Messages;

/// <summary>Mail to be sent, and its story.</summary>
internal sealed class MessagesNoun : INoun
{
    public static (string Name, string Says) Tag => ("Messages",
        "Send mail, follow each message to its end, and cancel what has not begun.");

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<AkkaMailOptions>>().Value;
            var retention = provider.GetRequiredService<IOptions<RetentionOptions>>().Value;
            return new ContentStore(provider.GetRequiredService<DataDirectory>().Stores.Content, new()
            {
                CacheBytesMax = options.ContentCacheBytes,
                BatchMax = options.GroupCommit,
                EnvelopeKeptLonger = retention.Envelopes - retention.Content,
            });
        });
        services.AddSingleton(provider =>
        {
            var data = provider.GetRequiredService<DataDirectory>();
            if (data.Stores.Read is SqliteDatabase read) CarriedKeys.Take(read, data.Stores.Idempotency);
            return new IdempotencyStore(data.Stores.Idempotency, provider.GetRequiredService<TimeProvider>());
        });
        services.AddSingleton(provider =>
        {
            _ = provider.GetRequiredService<IdempotencyStore>();   // It takes the keys over that the read model drops.
            var retention = provider.GetRequiredService<IOptions<RetentionOptions>>().Value;
            var stores = provider.GetRequiredService<DataDirectory>().Stores;
            return new MessageGenerations(stores.Read, provider.GetRequiredService<HistoryStore>(),
                new(retention.Messages, retention.Lines), provider.GetRequiredService<TimeProvider>(),
                stores is PostgresStores ? GenerationsLook.Every * 3 : default);
        });
        services.AddSingleton<QuotaGate>();
        services.AddSingleton<SenderRules>();
        services.AddSingleton<EngagementMisses>();
        services.AddSingleton<EngagementLookUp>();
        services.AddSingleton<EngagedRecipients>();
        services.AddSingleton<LedgerAsk>();
        services.AddSingleton<Rebuilds>();
        services.AddSingleton<MessageStories>();
        services.AddSingleton<WaitingMessages>();
        services.AddSingleton<Acceptance>();
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapSend();
        app.MapGetMessage();
        app.MapListMessages();
        app.MapCancel();
    }
}

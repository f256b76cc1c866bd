using AkkaMail.EndToEnd.Tests.World;

namespace AkkaMail.EndToEnd.Tests.Postgres;

/// <summary>
/// What matters most on a second database, told of it in each run: what the API promises, what is in the journal, lists that
/// are made again, who is suppressed, keys of domains, and files that are read in pieces. All other stories run on one with
/// <c>AKKAMAIL_TEST_STORAGE=postgres</c>.
/// </summary>
public sealed class ResolvingOnPostgres : Resolving
{
    public new const string Name = "resolving, on PostgreSQL";

    private protected override string Storage => Stored.Postgres;
}

/// <inheritdoc cref="ResolvingOnPostgres"/>
public sealed class FastRetryOnPostgres : FastRetry
{
    public new const string Name = "fast retry, on PostgreSQL";

    private protected override string Storage => Stored.Postgres;
}

/// <inheritdoc cref="ResolvingOnPostgres"/>
public sealed class StrictOnPostgres : Strict
{
    public new const string Name = "strict domains, on PostgreSQL";

    private protected override string Storage => Stored.Postgres;
}

[CollectionDefinition(ResolvingOnPostgres.Name)]
public sealed class ResolvingOnPostgresTests : ICollectionFixture<ResolvingOnPostgres>;

[CollectionDefinition(FastRetryOnPostgres.Name)]
public sealed class FastRetryOnPostgresTests : ICollectionFixture<FastRetryOnPostgres>;

[CollectionDefinition(StrictOnPostgres.Name)]
public sealed class StrictOnPostgresTests : ICollectionFixture<StrictOnPostgres>;

[Collection(ResolvingOnPostgres.Name)]
public sealed class ApiContractOnPostgres(ResolvingOnPostgres server) : ApiContract(server);

[Collection(ResolvingOnPostgres.Name)]
public sealed class PrivacyOnPostgres(ResolvingOnPostgres server) : Privacy(server);

[Collection(ResolvingOnPostgres.Name)]
public sealed class RebuildOnPostgres(ResolvingOnPostgres server) : Rebuild(server);

[Collection(FastRetryOnPostgres.Name)]
public sealed class SuppressionOnPostgres(FastRetryOnPostgres server) : Suppression(server);

[Collection(StrictOnPostgres.Name)]
public sealed class DomainsOnPostgres(StrictOnPostgres server) : Domains(server);

[Collection(StrictOnPostgres.Name)]
public sealed class LargeMailsOnPostgres(StrictOnPostgres server) : LargeMails(server);

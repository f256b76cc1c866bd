using System.Security.Cryptography;
using AkkaMail.Core.Domains;
using AkkaMail.Core.Mail;
using AkkaMail.Server.Data;
using AkkaMail.Smtp.Signing;
using AkkaMail.Storage.Domains;
using Microsoft.AspNetCore.DataProtection;

namespace AkkaMail.Server.Domains;

/// <summary>
/// The private keys of domains and the key of tokens, encrypted by the key ring of the data directory. A copy of the
/// database alone is worth nothing; a backup needs both.
/// </summary>
internal sealed class DomainSecrets
{
    /// <summary>Part of the encryption: for ever, or nothing written before can be read.</summary>
    private const string Purpose = "AkkaMail.Domains.Secrets.v1";

    private const string TokensName = "tokens";
    private const int TokenKeySize = 32;

    private readonly SecretStore _store;
    private readonly IDataProtector _protector;
    private readonly TimeProvider _time;

    public DomainSecrets(SecretStore store, IDataProtectionProvider protection, DataDirectory data, TimeProvider time)
    {
        (_store, _protector, _time) = (store, protection.CreateProtector(Purpose), time);
        if (store.Read(TokensName) is null) Add([(TokensName, RandomNumberGenerator.GetBytes(TokenKeySize))]);
        TokenKey = Read(TokensName) ?? throw new StartException("The key ring does not open the secrets: "
            + (data.Stores is PostgresStores ? "restore akkamail.key_ring and secrets.secrets from one dump, or empty both"
                : "restore 'protection' from the same backup, or "
                    + $"delete {DataFiles.Secrets.Name} and start once with --accept-loss {DataFiles.Secrets.Name}")
            + $": {DataFiles.Secrets.Without}.");
    }

    /// <summary>Seals return paths and unsubscribe links; drawn at the first start.</summary>
    public byte[] TokenKey { get; }

    public void Add(IEnumerable<NewKey> keys) =>
        Add([.. keys.Select(k => (DomainKey.SecretNameOf(k.PublicPart), k.Pkcs8))]);

    /// <summary>Null: there is none, or it cannot be opened.</summary>
    public byte[]? Read(string name)
    {
        try { return _store.Read(name) is { } kept ? _protector.Unprotect(kept) : null; }
        catch (Exception e) when (e is CryptographicException or StoreException) { return null; }
    }

    /// <summary>Whether what was encrypted before can still be read, as it lies on the disk now.</summary>
    public bool CanBeOpened() => Read(TokensName) is not null;

    public void Delete(IReadOnlyCollection<string> names) => _store.Delete(names);

    /// <summary>
    /// Deletes the secrets of keys that are retired or belong to no domain: of an order that failed, or of a domain
    /// that has been removed; only those made <paramref name="before"/>, since a younger one may be of an order under way.
    /// </summary>
    public int DeleteUnused(DomainRegister domains, DateTimeOffset before)
    {
        var used = domains.All.Values.SelectMany(d => d.Domain.Keys)
            .Where(k => k.State != KeyState.Retired).Select(k => k.SecretName).Append(TokensName).ToHashSet();
        var unused = _store.Names().Where(n => n.CreatedAt < before && !used.Contains(n.Name))
            .Select(n => n.Name).ToList();
        _store.Delete(unused);
        return unused.Count;
    }

    private void Add(IReadOnlyCollection<(string Name, byte[] Secret)> secrets) =>
        _store.Add([.. secrets.Select(s => (s.Name, _protector.Protect(s.Secret)))], _time.GetUtcNow());
}

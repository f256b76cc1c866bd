using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using AkkaMail.Core.Domains;
using AkkaMail.Smtp.Signing;

namespace AkkaMail.Server.Domains;

/// <summary>Private keys in use, each opened once: opening costs more than signing.</summary>
internal sealed class SigningKeys(DomainSecrets secrets, TimeProvider time)
{
    /// <summary>Over it all are forgotten and opened again when they are needed: some 2 kB each.</summary>
    private const int KeptMax = 20_000;

    /// <summary>A key that could not be read is not asked for again by every mail.</summary>
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, SigningKey> _keys = [];
    private readonly ConcurrentDictionary<string, DateTimeOffset> _failed = [];

    /// <summary>All of them or a <see cref="SigningKeyException"/>.</summary>
    public ImmutableArray<SigningKey> Of(SendingDomain domain, DateTimeOffset acceptedAt) =>
        [.. domain.SigningAt(acceptedAt).Select(key => Open(domain.Name, key))];

    private SigningKey Open(string domain, DomainKey key)
    {
        var name = key.SecretName;
        if (_keys.TryGetValue(name, out var known)) return known;
        var now = time.GetUtcNow();
        if (_failed.TryGetValue(name, out var at) && now - at < AskAgain) throw Unreadable(domain, key, null);
        SigningKey opened;
        try
        {
            var pkcs8 = secrets.Read(name) ?? throw Unreadable(domain, key, null);
            opened = new(domain, key.Selector, key.Algorithm, pkcs8);
            CryptographicOperations.ZeroMemory(pkcs8);
        }
        catch (Exception e) when (e is SigningKeyException or CryptographicException)
        {
            _failed[name] = now;
            throw Unreadable(domain, key, e);
        }
        _failed.TryRemove(name, out _);
        if (_keys.Count >= KeptMax) _keys.Clear();
        return _keys.GetOrAdd(name, opened);
    }

    private static SigningKeyException Unreadable(string domain, DomainKey key, Exception? cause) =>
        new($"The key {key.Selector} of {domain} cannot be read.", cause);
}

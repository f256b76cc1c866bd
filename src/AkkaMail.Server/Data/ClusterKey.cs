using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using AkkaMail.Storage.Databases;
using AkkaMail.Storage.Postgres;

namespace AkkaMail.Server.Data;

/// <summary>
/// By what nodes of one cluster know each other: a certificate with its key that the first of them makes, kept in the
/// database (wrapped by <c>AkkaMail:Storage:SecretKey</c> like the key ring). Both sides of a connection show it, and
/// nothing else is taken: who can read the database is in, and nobody else.
/// </summary>
internal static class ClusterKey
{
    /// <summary>Their dates say nothing: it is not who vouched for it that counts, but that it is the same.</summary>
    private static readonly DateTimeOffset From = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), To = From.AddYears(200);

    /// <summary>
    /// The one that is there, or a new one. A <see cref="StartException"/>: the secret key is not the one that wraps it.
    /// </summary>
    public static X509Certificate2 Take(PostgresServer server, string? secretKey) => InstallationTable.Prepare(server).Write(
        connection =>
        {
            connection.Run("LOCK TABLE cluster_key IN EXCLUSIVE MODE");   // Of many that start, one makes it.
            var known = connection.Read(row => XElement.Parse(row.GetString(0)), "SELECT xml FROM cluster_key").SingleOrDefault();
            var key = known is null ? Make() : Unwrap(known, secretKey, server.Where);
            var kept = secretKey is null ? key : new SecretKeyEncryptor(secretKey).Encrypt(key).EncryptedElement;
            if (known is null || kept.Name != known.Name)
                connection.Run("INSERT INTO cluster_key (xml) VALUES (@a) ON CONFLICT (one) DO UPDATE SET xml = excluded.xml",
                    kept.ToString(SaveOptions.DisableFormatting));
            return X509CertificateLoader.LoadPkcs12(Convert.FromBase64String(key.Value), null);
        });

    private static XElement Make()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=AkkaMail cluster", pair, HashAlgorithmName.SHA256).CreateSelfSigned(From, To);
        return new("pkcs12", Convert.ToBase64String(certificate.Export(X509ContentType.Pkcs12)));
    }

    private static XElement Unwrap(XElement kept, string? secretKey, string where)
    {
        if (kept.Name != SecretKeyEncryptor.ElementName) return kept;
        if (secretKey is null)
            throw new StartException($"AkkaMail:Storage:SecretKey is not set, and the cluster's key in {where} is wrapped by one: set that one.");
        try { return SecretKeyEncryptor.Decrypt(secretKey, kept); }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            throw new StartException($"AkkaMail:Storage:SecretKey is not the one that wraps the cluster's key in {where}: set that one.");
        }
    }
}

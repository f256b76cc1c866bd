using System.ComponentModel.DataAnnotations;

namespace AkkaMail.Server.Options;

public sealed class StorageOptions : IValidatableObject
{
    public const string Section = "AkkaMail:Storage";

    /// <summary>
    /// <c>sqlite</c>: files in the data directory. Default <c>sqlite</c>; <c>postgres</c> is not built yet.
    /// </summary>
    [Required]
    public string Provider { get; set; } = "sqlite";

    /// <summary>For a database server; not used with <c>sqlite</c>.</summary>
    public string? ConnectionString { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Provider != "sqlite")
            yield return new ValidationResult(
                $"Storage:Provider is '{Provider}', but this version stores in SQLite only ('sqlite').",
                [nameof(Provider)]);
    }
}

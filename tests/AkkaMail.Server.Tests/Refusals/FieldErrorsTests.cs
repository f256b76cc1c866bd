using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Tests.Refusals;

/// <summary>What is said of faulty fields has a bound, whatever the client has sent.</summary>
public sealed class FieldErrorsTests
{
    [Fact]
    public void A_name_is_the_clients_own_and_is_cut()
    {
        var errors = new FieldErrors();

        errors.Add("headers." + new string('x', 5_000_000), new string('y', 5_000_000));

        var error = Assert.Single(errors.All);
        Assert.Equal((FieldError.FieldMax + 1, FieldError.MessageMax + 1), (error.Field.Length, error.Message.Length));
        Assert.EndsWith("x…", error.Field, StringComparison.Ordinal);
    }

    [Fact]
    public void A_character_of_two_halves_is_cut_before_it() =>
        Assert.Equal("ab…", FieldError.Cut("ab😀c", 3));

    [Fact]
    public void The_last_of_a_hundred_says_how_many_more_there_are()
    {
        var errors = new FieldErrors();
        for (var i = 0; i < 1_000; i++) errors.Add($"to[{i}]", "is not an address");

        Assert.Equal(FieldErrors.Max, errors.All.Count);
        Assert.Equal("to[98]", errors.All[98].Field);
        Assert.Equal(new("$", "and 901 more errors"), errors.All[99]);
        Assert.EndsWith("to[2]: is not an address; and 97 more", Refusal.Invalid(errors.All).Detail, StringComparison.Ordinal);
    }
}

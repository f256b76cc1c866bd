using System.Text.Json;
using AkkaMail.Server.Http;
using AkkaMail.Server.Refusals;

namespace AkkaMail.Server.Tests.Http;

/// <summary>What an answer looks like in a terminal.</summary>
public sealed class AnswersTests
{
    [Fact]
    public void Text_stands_as_it_is_and_not_as_in_a_page()
    {
        var problem = Problem.Of(RefusalCode.NotFound, "No message has the id 'no+such' & <ünknown>");

        var json = JsonSerializer.Serialize(problem, ProblemJson.Default.Problem.Plain());

        Assert.Contains("\"title\":\"No message has the id 'no+such' & <ünknown>\"", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("acme")]
    [InlineData("acme acme.example")]
    [InlineData("ünknown/+?")]
    public void A_cursor_goes_into_a_URL_as_it_is_and_comes_back(string name)
    {
        var names = new[] { name, name + "a", name + "b" };
        var (page, next) = ListQuery.Page(names, n => n, 1, null);
        Assert.Equal([name], page);
        Assert.Equal(next, Uri.EscapeDataString(next!));

        var errors = new List<FieldError>();
        Assert.Equal(name, ListQuery.Before(next, errors));
        Assert.Equal([name + "a", name + "b"], ListQuery.Page(names, n => n, 5, name).Page);
        Assert.Empty(errors);
    }

    [Fact]
    public void A_number_in_a_cursor_is_not_to_be_read_out()
    {
        var errors = new List<FieldError>();

        Assert.Equal(4_711, ListQuery.Number(ListQuery.Cursor(4_711), errors));
        Assert.Empty(errors);
        Assert.Null(ListQuery.Cursor(null));
        Assert.DoesNotContain("4711", ListQuery.Cursor(4_711), StringComparison.Ordinal);
        Assert.Null(ListQuery.Number("4711", errors));
        Assert.Equal("cursor", Assert.Single(errors).Field);
    }

    [Theory]
    [InlineData("not a cursor")]
    [InlineData("_w")]   // 0xFF: no UTF-8.
    [InlineData("a")]
    public void What_is_no_cursor_is_told(string text)
    {
        var errors = new List<FieldError>();

        Assert.Null(ListQuery.Before(text, errors));
        Assert.Equal("cursor", Assert.Single(errors).Field);
    }
}

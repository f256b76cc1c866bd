using System.Reflection;
using AkkaMail.Server.Api.Messages;
using AkkaMail.Server.Description;

namespace AkkaMail.Server.Tests.Description;

/// <summary>What stands above the code is what the description says.</summary>
public sealed class DocCommentsTests
{
    private static readonly DocComments Comments = DocComments.OfThisProgram();

    [Fact]
    public void A_property_has_its_own_words_or_those_of_the_parameter_it_comes_from()
    {
        Assert.Equal("The recipient's address.", Comments.Of(typeof(MessageResponse).GetProperty("To")!));
        Assert.Equal("The message's id.", Comments.Of(typeof(CancelResponse).GetProperty("Id")!));
    }

    [Fact]
    public void A_private_handler_is_read_too()
    {
        var handler = typeof(ListMessages).GetMethod("List", BindingFlags.NonPublic | BindingFlags.Static)!;

        Assert.Equal("Those with this tag.", Comments.Of(handler, "tag"));
        Assert.Null(Comments.Of(handler, "limit"));   // It means the same in every list.
    }

    [Fact]
    public void Code_is_Markdown_and_lines_are_one() => Assert.Equal(
        "A refusal (RFC 9457). Programs go by `code`; title and detail are for people, and may change.",
        Comments.Of(typeof(AkkaMail.Server.Http.Problem)));
}

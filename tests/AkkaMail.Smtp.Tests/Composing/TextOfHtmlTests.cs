using AkkaMail.Smtp.Composing;

namespace AkkaMail.Smtp.Tests.Composing;

/// <summary>The text that is made of a page when there is none.</summary>
public sealed class TextOfHtmlTests
{
    [Theory]
    [InlineData("<p>Hi {{name}},</p><p>your  order\n is <b>ready</b>.</p>", "Hi {{name}},\n\nyour order is ready.\n")]
    [InlineData("<a href='https://x.test/{{id}}'>Track it</a> now", "Track it <https://x.test/{{id}}> now\n")]
    [InlineData("<a href=\"https://x.test/\">x.test/</a>", "x.test/\n")]
    [InlineData("<a href=\"mailto:a@b.test\">a@b.test</a>", "a@b.test\n")]
    [InlineData("<a href=\"https://x.test\"><img src=l.png alt=Shop></a>", "Shop <https://x.test>\n")]
    [InlineData("<a href=\"https://x.test\"><img src=l.png></a>", "https://x.test\n")]
    [InlineData("<a href='#top'>Top</a><a href='javascript:x()'>Run</a>", "TopRun\n")]
    [InlineData("<ul><li>one<li>two</ul>after", "- one\n- two\n\nafter\n")]
    [InlineData("a<br>b<br><br><br>c<div>d</div><div>e</div>", "a\nb\n\nc\nd\ne\n")]
    [InlineData("<table><tr><td>Sum</td><td>5 &euro;</td></tr><tr><td>Tax</td></tr></table>", "Sum 5 \u20ac\nTax\n")]
    [InlineData("<html><head><title>T</title><style>p{}</style></head><body>B<script>x<y</script></body>", "B\n")]
    [InlineData("<pre>a\n  b</pre>", "a\nb\n")]
    [InlineData("Gr&uuml;&szlig;e &lt;b&gt; &amp; &#x1F600;", "Gr\u00fc\u00dfe <b> & \U0001F600\n")]
    [InlineData("a <!-- no --> b", "a b\n")]
    [InlineData("<img src=x><p> \u200c&nbsp;</p>", null)]
    [InlineData("", null)]
    [InlineData("<", "<\n")]
    public void It_says_what_the_page_says(string html, string? text) => Assert.Equal(text, TextOfHtml.Of(html));

    [Fact]
    public void A_page_at_the_bound_is_read_and_one_character_more_is_not()
    {
        Assert.Equal(TextOfHtml.HtmlMax + 1, TextOfHtml.Of(new('x', TextOfHtml.HtmlMax))!.Length);
        Assert.Null(TextOfHtml.Of(new('x', TextOfHtml.HtmlMax + 1)));
    }

    [Theory]
    [InlineData("<a href=x>")]
    [InlineData("<div><p><li>")]
    [InlineData("<a href=x></div")]
    [InlineData("&")]
    [InlineData("<![CDATA[")]
    [InlineData("<!--")]
    [InlineData("<b a=")]
    public void Whatever_it_is_the_text_is_no_longer_than_a_few_times_the_page(string piece)
    {
        var html = string.Concat(Enumerable.Repeat(piece, 100_000 / piece.Length));

        Assert.InRange(TextOfHtml.Of(html)?.Length ?? 0, 0, 2 * html.Length);
    }
}

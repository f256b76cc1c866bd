using System.Text;
using MimeKit.Text;

namespace AkkaMail.Smtp.Composing;

/// <summary>
/// What a page says, as text: for readers that show no HTML, and for filters that want both. One reading from start to
/// end; links stand behind their words, and placeholders stay as they are.
/// </summary>
public static class TextOfHtml
{
    /// <summary>Characters of HTML; nobody reads the text of a longer one.</summary>
    public const int HtmlMax = 1024 * 1024;

    /// <summary>Null: it says nothing, or is longer than <see cref="HtmlMax"/>.</summary>
    public static string? Of(string html)
    {
        if (html.Length > HtmlMax) return null;
        var page = new Page();
        var reader = new HtmlTokenizer(new StringReader(html)) { DecodeCharacterReferences = true };
        while (reader.ReadNextToken(out var token))
        {
            if (token is HtmlTagToken tag) page.Tag(tag);
            else if (token is HtmlDataToken data and not HtmlScriptDataToken) page.Say(data.Data);
        }
        return page.ToText();
    }

    private sealed class Page
    {
        private readonly StringBuilder _text = new();
        private HtmlTagId _silent = HtmlTagId.Unknown;
        private string? _link;
        private int _linkStart, _pre, _lines;
        private bool _blank;

        public void Tag(HtmlTagToken tag)
        {
            if (_silent != HtmlTagId.Unknown)
            {
                if (tag.IsEndTag && tag.Id == _silent) _silent = HtmlTagId.Unknown;
                return;
            }
            switch (tag.Id)
            {
                case HtmlTagId.Style or HtmlTagId.Script or HtmlTagId.Title when !tag.IsEndTag && !tag.IsEmptyElement:
                    _silent = tag.Id;
                    break;
                case HtmlTagId.Br: Break(_lines + 1); break;
                case HtmlTagId.A: Link(tag); break;
                case HtmlTagId.Image: Say(Attribute(tag, HtmlAttributeId.Alt) ?? ""); break;
                case HtmlTagId.LI when !tag.IsEndTag: Break(1); Say("-"); _blank = true; break;
                case HtmlTagId.Pre: _pre = Math.Max(0, _pre + (tag.IsEndTag ? -1 : 1)); Break(2); break;
                case HtmlTagId.P or HtmlTagId.H1 or HtmlTagId.H2 or HtmlTagId.H3 or HtmlTagId.H4 or HtmlTagId.H5
                    or HtmlTagId.H6 or HtmlTagId.UL or HtmlTagId.OL or HtmlTagId.DL or HtmlTagId.BlockQuote
                    or HtmlTagId.Table or HtmlTagId.HR:
                    Break(2); break;
                case HtmlTagId.Div or HtmlTagId.TR or HtmlTagId.LI or HtmlTagId.DT or HtmlTagId.DD or HtmlTagId.Section
                    or HtmlTagId.Article or HtmlTagId.Header or HtmlTagId.Footer or HtmlTagId.Center or HtmlTagId.Body
                    or HtmlTagId.Address or HtmlTagId.Aside or HtmlTagId.Main or HtmlTagId.Nav or HtmlTagId.Figure
                    or HtmlTagId.Form or HtmlTagId.Option:
                    Break(1); break;
                case HtmlTagId.TD or HtmlTagId.TH: _blank = true; break;
            }
        }

        public void Say(string text)
        {
            if (_silent != HtmlTagId.Unknown) return;
            foreach (var c in text)
            {
                if (_pre > 0 && c == '\n') Break(_lines + 1);
                else if (char.IsWhiteSpace(c)) _blank = true;
                // What nobody sees stands there to fill the preview of a list.
                else if (!char.IsControl(c) && c is not ('\u200B' or '\u200C' or '\u00AD' or '\uFEFF' or '\u034F'))
                {
                    Write();
                    _text.Append(c);
                }
            }
        }

        /// <summary>The line ends or the blank that were due before it.</summary>
        private void Write()
        {
            if (_text.Length == 0) { }
            else if (_lines > 0) _text.Append('\n', _lines);
            else if (_blank) _text.Append(' ');
            (_lines, _blank) = (0, false);
        }

        /// <summary>At most one empty line.</summary>
        private void Break(int lines) => _lines = Math.Min(2, Math.Max(_lines, lines));

        private void Link(HtmlTagToken tag)
        {
            if (_link is { } open)
            {
                _link = null;
                var words = _linkStart <= _text.Length
                    ? _text.ToString(_linkStart, _text.Length - _linkStart).Trim() : "";
                // An address that is its own words needs no second time.
                if (words.Length > 0 && !open.EndsWith(words, StringComparison.OrdinalIgnoreCase))
                {
                    if (_lines == 0) _blank = true;
                    Say($"<{open}>");
                }
                else if (words.Length == 0) Say(open);
            }
            if (tag.IsEndTag || Attribute(tag, HtmlAttributeId.Href)?.Trim() is not { Length: > 0 } href) return;
            if (href[0] == '#' || href.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase)) return;
            (_link, _linkStart) = (href, _text.Length);
        }

        private static string? Attribute(HtmlTagToken tag, HtmlAttributeId id) =>
            tag.Attributes.FirstOrDefault(a => a.Id == id)?.Value;

        public string? ToText() => _text.Length == 0 ? null : _text.Append('\n').ToString();
    }
}

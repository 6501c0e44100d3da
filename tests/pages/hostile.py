"""Words that have broken other programs, each of which must come out as words."""

CORPUS = (
    "<script>alert(1)</script>",
    "</textarea></script><img src=x onerror=alert(1)>",
    "\"><svg/onload=alert(1)>' onmouseover='alert(1)",
    "javascript:alert(1) data:text/html,<b>x</b> https://evil.example",
    "<!channel> <@U123> <https://evil.example|click> @everyone",
    "{{ 7 * 7 }} {% raw %} ${7*7} #{7} {who} %s %(x)s",
    "&lt;b&gt; &amp; &#x3C;script&#x3E; \\u003cscript\\u003e",
    "]]><!-- --> <![CDATA[ <?php ?>",
    "👩‍👩‍👧‍👦 🏴󠁧󠁢󠁳󠁣󠁴󠁿 ﷽ ไก่ Z͑ͫ̓a̴l̵g̶o̷",
    "שלום world مرحبا \u200f\u200e",
    "'; DROP TABLE events; -- \" OR 1=1",
    "../../../etc/passwd \\\\server\\share C:\\nul",
    "a" * 60 + "\u200b" + "b" * 60,
    "=cmd|' /C calc'!A0 @SUM(1) +1 -1",
)

UNSEEN = "left\x00\x1b[31m\u202eright\x07\x85 \u2028end\ud800"
CLEANED = "left[31mright\n \nend\ufffd"
"""What control and direction signs, half a character and odd line ends are made of."""

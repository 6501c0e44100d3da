"""Which sites may show the chat inside their pages, and what they get for it."""

from pathlib import Path

import pytest

from tests.pages.kit import Page, web

SITES = ("https://www.example.org", "http://school.example:8443")
NOBODY = "frame-ancestors 'none'"


async def test_exactly_the_sites_of_the_setting_may_show_the_chat(tmp_path: Path) -> None:
    async with web(tmp_path, embed=SITES) as served:
        for path in ("/chat", "/chat?embed=1"):
            headers = (await served.stranger().get(path)).headers
            assert f"frame-ancestors {' '.join(SITES)}; " in headers["content-security-policy"]
            assert "x-frame-options" not in headers


@pytest.mark.parametrize("path", ["/", "/desk", "/status", "/signin", "/chat/state", "/chatter"])
async def test_no_other_page_can_be_shown_by_anybody(tmp_path: Path, path: str) -> None:
    async with web(tmp_path, embed=SITES) as served:
        headers = (await served.stranger().get(path)).headers
        assert NOBODY in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"


async def test_without_the_setting_nobody_can_show_the_chat(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        headers = (await served.stranger().get("/chat?embed=1")).headers
        assert NOBODY in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"


async def test_the_button_is_a_small_script_that_every_site_may_load(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        response = await served.stranger().get("/static/embed.js")
        assert response.headers["content-type"].startswith("text/javascript")
        assert response.headers["cross-origin-resource-policy"] == "cross-origin"
        assert len(response.content) < 2000
        assert "//" not in response.text.replace("://", "")
        assert '"open": "Report a problem"' in response.text
        other = await served.stranger().get("/static/chat.js")
        assert other.headers["cross-origin-resource-policy"] == "same-origin"


async def test_the_button_travels_in_a_kilobyte_to_whoever_can_unpack_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        plain = await served.stranger().get("/static/embed.js", **{"accept-encoding": "identity"})
        packed = await served.stranger().get("/static/embed.js", **{"accept-encoding": "gzip, br"})
        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert int(packed.headers["content-length"]) < 1100
        assert packed.text == plain.text


async def test_the_button_speaks_the_language_of_the_visitor_or_the_one_that_is_named(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        path = "/static/embed.js"
        russian = await served.stranger().get(path, **{"accept-language": "ru"})
        assert '"lang": "ru", "asked": ""' in russian.text
        named = await served.stranger().get(f"{path}?lang=ru")
        assert '"asked": "&lang=ru"' in named.text
        hostile = await served.stranger().get(f"{path}?lang=%22;alert(1)")
        assert "alert" not in hostile.text


async def test_inside_a_frame_no_link_leads_to_a_page_that_cannot_be_shown_there(
    tmp_path: Path,
) -> None:
    async with web(tmp_path, embed=SITES) as served:
        page = Page((await served.stranger().get("/chat?embed=1")).text)
        inside = [one for one in page.all("a") if one.get("target") not in ("_top", "_blank")]
        assert {one["href"].partition("lang=")[0] for one in inside} == {"#main", "?embed=1&"}

"""Pages as a browser takes them apart."""

from html.parser import HTMLParser


class Markup(HTMLParser):
    """A page as a browser takes it apart: elements with attributes, texts, form fields."""

    VOID = frozenset({"meta", "link", "input", "br", "hr", "img"})

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        """All that can be read, with single spaces."""
        return " ".join(" ".join(self.texts).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def fields(self) -> dict[str, str]:
        """Names and values of every input."""
        return {one["name"]: one.get("value", "") for one in self.all("input") if "name" in one}

    def links(self) -> list[str]:
        return [one["href"] for one in self.all("a") if "href" in one]

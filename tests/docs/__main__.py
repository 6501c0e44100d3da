"""`./dev docs`: make the pages of `docs/` that come from the code, and say which have changed."""

from tests.docs.pages import PAGES, update

if __name__ == "__main__":
    changed = update()
    print("\n".join(f"docs/{one}" for one in changed) or f"{len(PAGES)} pages: nothing changed")

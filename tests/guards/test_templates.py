"""Every template keeps the strict policy, escapes what tenants typed, and works without script."""

import re
from pathlib import Path

import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# A mail brings its own styles: our stylesheet and our policy do not travel with it.
MAILS = ROOT / "templates" / "mails"
STYLES = {"inline style", "inline stylesheet"}
FORBIDDEN = {
    r"\sstyle\s*=": "inline style",
    r"<style\b": "inline stylesheet",
    r"<script\b(?![^>]*\bsrc=)(?![^>]*application/json)": "inline script",
    r"\shx-on": "script in an attribute",
    r"\son[a-z]+\s*=\s*[\"']": "event handler in an attribute",
    r"javascript:": "script in an address",
    r"\|\s*safe\b": "unescaped text",
    r"{%\s*autoescape\s+off": "unescaped text",
    r"hx-vals\s*=\s*[\"']js:": "evaluated values",
    r"hx-swap\s*=\s*[\"']morph:\{": "evaluated swap",
    r"(?:src|href|action)\s*=\s*[\"']https?://": "somebody else's host",
}
EVALUATING = (
    "innerHTML",
    "outerHTML =",
    "insertAdjacentHTML",
    "eval(",
    "new Function",
    "document.write",
)
LARGEST_SCRIPT = 12_000
FORM = re.compile(r"<form\b[^>]*>", re.DOTALL)


def markup(path: Path) -> str:
    """The template without its comments."""
    return re.sub(
        r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL
    )


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT / "templates"))


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_template_breaks_the_policy(pattern):
    found = [
        f"{relative(path)}: {FORBIDDEN[pattern]}: {hit.group(0).strip()}"
        for path in TEMPLATES
        if not (MAILS in path.parents and FORBIDDEN[pattern] in STYLES)
        for hit in re.finditer(pattern, markup(path))
    ]
    assert found == []


def test_every_form_says_where_it_goes():
    found = [
        f"{relative(path)}: {form}"
        for path in TEMPLATES
        for form in FORM.findall(markup(path))
        if "action=" not in form
    ]
    assert found == []


def test_every_form_that_posts_carries_its_token():
    found = []
    for path in TEMPLATES:
        text = markup(path)
        for hit in re.finditer(r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>", text, re.DOTALL):
            if "csrf_token" not in hit.group(1) and "slot body" not in hit.group(1):
                found.append(relative(path))
    assert found == []


def test_what_htmx_posts_can_be_posted_without_it():
    """Every address of an ``hx-post`` is also the action of a form in the same template."""
    found = []
    for path in TEMPLATES:
        text = markup(path)
        actions = set(re.findall(r"action=\"([^\"]+)\"", text))
        for kind, address in re.findall(r"hx-(post|put|patch|delete)=\"([^\"]+)\"", text):
            if kind != "post" or address not in actions:
                found.append(f"{relative(path)}: hx-{kind} {address}")
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_template_can_be_read(path):
    get_template(relative(path))


def test_scripts_are_small_files_of_one_feature():
    large = {
        p.name: size
        for p in (ROOT / "static/js").glob("*.js")
        if (size := len(p.read_text())) > 12_000
    }
    assert large == {}


def test_no_script_writes_markup_or_evaluates():
    found = [
        f"{path.name}: {word}"
        for path in (ROOT / "static/js").glob("*.js")
        for word in (
            "innerHTML",
            "outerHTML =",
            "insertAdjacentHTML",
            "eval(",
            "new Function",
            "document.write",
        )
        if word in path.read_text()
    ]
    assert found == []

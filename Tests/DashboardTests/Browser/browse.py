"""browse.py ADDRESS FOLDER PATH…: opens pages in Debian's Chromium, in both languages, light and dark, on a desk and on a phone,
and prints a line of JSON for each look: what axe finds, what the console says, what was asked of elsewhere, and whether the page is
wider than the window. Then what the keyboard alone reaches, and what is there without JavaScript. FOLDER, if not empty, takes
screenshots."""
import json
import sys

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

address, folder, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
sizes = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
rules = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def tell(**line):
    print(json.dumps(line, ensure_ascii=False), flush=True)


def look(browser, language, scheme, size):
    context = browser.new_context(
        viewport=sizes[size], color_scheme=scheme, locale=language, extra_http_headers={"Accept-Language": language})
    page = context.new_page()
    said, elsewhere = [], []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else elsewhere.append(request.url))
    for place, path in enumerate(paths):
        said.clear()
        elsewhere.clear()
        answer = page.goto(address + path, wait_until="load")
        found = Axe().run(page, options=rules).response["violations"]
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if folder:
            page.screenshot(path=f"{folder}/{place}-{language}-{scheme}-{size}.png", full_page=True)
        tell(
            look=f"{path} {language} {scheme} {size}", status=answer.status, lang=page.evaluate("document.documentElement.lang"),
            violations=[f"{v['id']}: {n['html'][:200]}" for v in found for n in v["nodes"][:2]], console=list(said),
            elsewhere=list(elsewhere), wide=wide)
    context.close()


def keyboard(browser):
    """Tab goes through everything that can be acted upon, in order, each visibly; Enter opens the first store."""
    page = browser.new_context(viewport=sizes["desk"]).new_page()
    page.goto(address + "/")
    wanted = page.evaluate(
        "[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, [tabindex=\"0\"]')].length")
    reached, hidden, first = 0, 0, ""
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        seen = page.evaluate(
            "(() => { const e = document.activeElement; if (!e || e === document.body) return null;"
            " const b = e.getBoundingClientRect(), s = getComputedStyle(e);"
            " return [e.outerHTML.slice(0, 80), b.width > 0 && s.outlineStyle !== 'none']; })()")
        if seen is None:
            break
        first = first or seen[0]
        reached += 1
        hidden += 0 if seen[1] else 1
    page.goto(address + "/")
    page.focus("table.wall tbody th a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/stores/**")
    page.goto(address + "/")
    page.keyboard.press("/")
    tell(
        look="keyboard", wanted=wanted, reached=reached, hidden=hidden, first=first, opened=True,
        search=page.evaluate("document.activeElement.type"))


def plain(browser):
    """Without JavaScript a filter is a form like any other."""
    page = browser.new_context(java_script_enabled=False, locale="en").new_page()
    page.goto(address + "/")
    page.select_option("select[name=sort]", "name")
    page.fill("input[name=q]", "o")
    page.click("form.filters button")
    tell(look="plain", address=page.url, rows=page.locator("table.wall tbody tr").count())


with sync_playwright() as play:
    browser = play.chromium.launch(
        executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"])
    for language in ("en-GB", "zh-CN"):
        for scheme in ("light", "dark"):
            for size in sizes:
                look(browser, language, scheme, size)
    keyboard(browser)
    plain(browser)
    browser.close()

"""browse.py ADDRESS TOKEN FOLDER PATH… FILE.html…: opens pages in Debian's Chromium and prints a line of JSON for each look.

First the login form, by keyboard alone. Then, logged in, every page in both languages, light and dark, on a desk and on a phone: what
axe finds, what the console says, what was asked of elsewhere, and whether the page is wider than the window. Then what the keyboard
alone reaches and does, a form that is none of ours, paper, files of reports, and all of it without JavaScript. FOLDER, if not empty, takes screenshots.

A page is loaded once a language: light and dark, wide and narrow are the same document. Both languages go side by side."""
import asyncio
import json
import sys
from pathlib import Path

import axe_playwright_python
from playwright.async_api import async_playwright

address, token, folder = sys.argv[1:4]
# Pages of the dashboard, and files.
paths = [path for path in sys.argv[4:] if not path.endswith(".html")]
files = [path for path in sys.argv[4:] if path.endswith(".html")]
sizes = {"desk": {"width": 1280, "height": 900}, "phone": {"width": 390, "height": 844}}
languages = ("en-GB", "zh-CN")
script = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
# Of what axe looks for, only this depends on the colours.
rules = {
    "light": {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}
ack = "form[action='/acts/ack']"


def tell(**line):
    print(json.dumps(line, ensure_ascii=False), flush=True)


async def faults(page, scheme="light"):
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(script)
    found = await page.evaluate(
        "async options => (await axe.run(document, {...options, resultTypes: ['violations']})).violations"
        ".flatMap(v => v.nodes.slice(0, 2).map(n => v.id + ': ' + n.html.slice(0, 200)))", rules[scheme])
    return found


async def look(page, said, elsewhere, path, language, place, sent):
    said.clear()
    elsewhere.clear()
    await page.emulate_media(color_scheme="light")
    answer = await page.goto(address + path, wait_until="load")
    if answer.status != 200:
        # The browser itself says so of a page that is meant not to be there.
        said[:] = [text for text in said if "Failed to load resource" not in text]
    lang = await page.evaluate("document.documentElement.lang")
    for size, viewport in sizes.items():
        await page.set_viewport_size(viewport)
        for scheme in rules:
            await page.emulate_media(color_scheme=scheme)
            found = await faults(page, scheme)
            wide = await page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
            if folder:
                await page.screenshot(path=f"{folder}/{place}-{language}-{scheme}-{size}.png", full_page=True)
            sent.append(dict(
                look=f"{path} {language} {scheme} {size}", status=answer.status, lang=lang, violations=found,
                console=list(said), elsewhere=list(elsewhere), wide=wide))


async def looks(browser, language, state):
    """All pages of one language; the login form as who has not logged in sees it."""
    sent = []
    for known in (state, None):
        context = await browser.new_context(
            locale=language, extra_http_headers={"Accept-Language": language}, storage_state=known)
        page = await context.new_page()
        said, elsewhere = [], []
        page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: None if request.url.startswith(address) else elsewhere.append(request.url))
        for place, path in enumerate(paths):
            if path.startswith("/login") == (known is None):
                await look(page, said, elsewhere, path, language, place, sent)
        await context.close()
    return sent


async def tab_to(page, condition):
    """Presses Tab until what has the focus fits."""
    for _ in range(200):
        if await page.evaluate(f"(e => e && {condition})(document.activeElement)"):
            return
        await page.keyboard.press("Tab")
    raise SystemExit(f"Tab reaches nothing that is {condition}")


async def login(browser):
    """Who is not logged in is led to the form and, by keyboard alone, to where he wanted to be."""
    context = await browser.new_context(viewport=sizes["desk"], locale="en")
    page = await context.new_page()
    await page.goto(address + "/alerts")
    form = page.url
    await tab_to(page, "e.name === 'token'")
    await page.keyboard.type("wrong")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[role=alert]")
    fault = await page.inner_text("[role=alert]")
    found = await faults(page)
    await tab_to(page, "e.name === 'token'")
    await page.keyboard.type(token)
    await page.keyboard.press("Enter")
    await page.wait_for_url(address + "/alerts")
    tell(look="login", form=form, fault=fault, violations=found, address=page.url)
    state = await context.storage_state()
    await context.close()
    return state


async def tabbed(page, path):
    """Tab alone, from the beginning of a page with all that is folded away opened: what it reaches and what it leaves out."""
    await page.goto(address + path)
    wanted = await page.evaluate(
        "(() => { document.querySelectorAll('details').forEach(e => e.open = true);"
        " const all = [...document.querySelectorAll("
        "'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex=\"0\"]')]"
        ".filter(e => e.checkVisibility() && !e.disabled);"
        " window.left = new Set(all); return all.length; })()")
    hidden, first, back = [], "", 0
    for _ in range(5 * wanted):
        await page.keyboard.press("Tab")
        # The parts of a date are one field. After the last of all it begins anew.
        seen = await page.evaluate(
            "(() => { const e = document.activeElement; if (!e || e === document.body) return null;"
            " const within = e === window.last; window.last = e; if (within) return 'within';"
            " const b = e.getBoundingClientRect(), s = getComputedStyle(e), isNew = window.left.delete(e);"
            " if (!isNew && window.left.size === 0) return null;"
            " const isSeen = b.width > 0 && s.outlineStyle !== 'none' && b.bottom > 0 && b.top < innerHeight;"
            " return [e.outerHTML.slice(0, 80), isSeen, isNew]; })()")
        if seen is None:
            break
        if seen == "within":
            continue
        first = first or seen[0]
        hidden += [] if seen[1] else [seen[0]]
        back += 0 if seen[2] else 1
    left = await page.evaluate("[...window.left].map(e => e.outerHTML.slice(0, 80))")
    return dict(wanted=wanted, left=left, unseen=hidden, trapped=back, first=first)


async def keyboard(browser, state):
    """Tab goes through everything that can be acted upon, on every page, each visibly; Enter opens the first store."""
    context = await browser.new_context(
        viewport=sizes["desk"], locale="en", storage_state=state, reduced_motion="reduce")
    page = await context.new_page()
    for path in paths:
        if not path.startswith("/login"):
            tell(look=f"tab {path}", **await tabbed(page, path))
    await page.goto(address + "/")
    await tab_to(page, "e.matches('table.wall tbody th a')")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/stores/**")
    await page.goto(address + "/")
    await page.keyboard.press("/")
    tell(look="keyboard", search=await page.evaluate("document.activeElement.type"))
    # A form that is folded away, filled in and sent.
    await page.goto(address + "/stores/elm/rules/refunds")
    await tab_to(page, "e.tagName === 'SUMMARY' && e.closest('details.act')")
    await page.keyboard.press("Enter")
    await tab_to(page, f"e.name === 'why' && e.closest(\"{ack}\")")
    await page.keyboard.type("by keyboard")
    await tab_to(page, f"e.tagName === 'BUTTON' && e.closest(\"{ack}\")")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".banner.good")
    tell(look="keyboard act", banner=await page.inner_text(".banner.good"), address=page.url, violations=await faults(page))
    await context.close()


async def forged(browser, state):
    """A form that is not of this session is told so on a page of its own, and nothing is done."""
    context = await browser.new_context(viewport=sizes["phone"], locale="en", storage_state=state)
    page = await context.new_page()
    await page.goto(address + "/stores/elm/rules/refunds")
    await page.evaluate("document.querySelectorAll('input[name=csrf]').forEach(e => e.value = 'x')")
    await page.evaluate("document.querySelectorAll('details.act').forEach(e => e.open = true)")
    await page.fill(f"{ack} input[name=why]", "forged")
    async with page.expect_navigation() as navigation:
        await page.click(f"{ack} button")
    answer = await navigation.value
    tell(
        look="forged", status=answer.status, banner=await page.inner_text("main"), violations=await faults(page),
        wide=await page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
    await context.close()


async def paper(browser, state):
    """On paper nothing is left that can only be pressed, and what is there is black on white, whatever the screen was."""
    context = await browser.new_context(viewport=sizes["desk"], locale="en", color_scheme="dark", storage_state=state)
    page = await context.new_page()
    for path in ("/", "/stores/elm", "/stores/elm/rules/refunds", "/alerts"):
        await page.goto(address + path)
        await page.emulate_media(media="print", color_scheme="dark")
        shown = await page.evaluate(
            "[...document.querySelectorAll('form, nav, button, input, summary, .skip')]"
            ".filter(e => e.checkVisibility() && e.getClientRects().length > 0).map(e => e.outerHTML.slice(0, 80))")
        colours = await page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")
        tell(
            look=f"paper {path}", shown=shown, colours=colours, rows=await page.locator("main table tr").count(),
            violations=await faults(page, "dark"), bytes=len(await page.pdf()))
        await page.emulate_media(media="screen")
    await context.close()


async def reports(browser):
    """The file of a report, as who is sent it opens it: in both languages, on a desk and a phone, and on paper."""
    context = await browser.new_context(locale="en")
    page = await context.new_page()
    elsewhere = []
    page.on("request", lambda request: None if request.url.startswith("file:") else elsewhere.append(request.url))
    for file in files:
        await page.goto(Path(file).as_uri())
        for size, viewport in sizes.items():
            await page.set_viewport_size(viewport)
            await page.emulate_media(media="screen")
            name = Path(file).stem
            if folder:
                await page.screenshot(path=f"{folder}/{name}-{size}.png", full_page=True)
            tell(
                look=f"report {name} {size}", violations=await faults(page), elsewhere=list(elsewhere),
                wide=await page.evaluate("document.documentElement.scrollWidth - window.innerWidth"),
                rows=await page.locator("table tr").count())
    await context.close()


async def plain(browser):
    """Without JavaScript a login, a filter and an act are forms like any other."""
    context = await browser.new_context(java_script_enabled=False, locale="en")
    page = await context.new_page()
    await page.goto(address + "/")
    await page.fill("input[name=token]", token)
    await page.click("form.login button")
    await page.select_option("select[name=sort]", "name")
    await page.fill("input[name=q]", "o")
    await page.click("form.filters button")
    tell(look="plain", address=page.url, rows=await page.locator("table.wall tbody tr").count())
    await page.goto(address + "/stores/elm/rules/refunds")
    await page.click("details.act summary")
    await page.fill("form[action='/acts/silence'] input[name=why]", "without script")
    await page.fill("form[action='/acts/silence'] input[name=until]", "2h")
    await page.click("form[action='/acts/silence'] button")
    tell(look="plain act", banner=await page.inner_text(".banner.good"), address=page.url)
    await context.close()


async def main():
    async with async_playwright() as play:
        browser = await play.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"])
        state = await login(browser)
        for sent in await asyncio.gather(*(looks(browser, language, state) for language in languages)):
            for line in sent:
                tell(**line)
        await asyncio.gather(
            keyboard(browser, state), forged(browser, state), paper(browser, state), plain(browser), reports(browser))
        await browser.close()


asyncio.run(main())

#!/usr/bin/env python3
"""Put a frontend's runtime settings into its pages, then become the server.

    entrypoint.py [OPTION]... [--] COMMAND [ARGUMENT]...
    entrypoint.py [OPTION]... --once
    entrypoint.py [OPTION]... --watch

The settings come from environment variables, or from the files of a mounted ConfigMap; `settings.py` beside this file
says which there are, and what they must be. The browser finds them as `window.__NAME__`. No shell takes part, and once
the command runs, no Python is left.

Options, each with the environment variable that stands for it:
  --html GLOB            CHARTGEN_HTML          the pages, by `*`, `?` and `**`; may be given more than once (in the
                                                variable, `:` between them)
  --settings DIR         CHARTGEN_SETTINGS      the mounted ConfigMap; the environment is then not read
  --source DIR           CHARTGEN_SOURCE        read the site here (--html is then below it, default **/*.html) ...
  --output DIR           CHARTGEN_OUTPUT        ... and write all of it there, for an image that is read-only
  --mode MODE            CHARTGEN_MODE          inline (default): a script in the page; file: a script beside it;
                                                json: data in the page, which is not executed
  --public-path PATH     CHARTGEN_PUBLIC_PATH   where the site's root is on the server (default /); for mode file
  --on-invalid WHAT      CHARTGEN_ON_INVALID    fail (default), or defaults: say so, and go on with defaults
  --csp-file FILE        CHARTGEN_CSP_FILE      write the hash of the inline script there, for nginx to include
  --table FILE           CHARTGEN_TABLE         settings.py, where it is not beside this file
  --log FORMAT           CHARTGEN_LOG           plain (default), or json: one object a line
  --once                                        write the pages, and end
  --watch                CHARTGEN_WATCH         write them, and again whenever the mounted ConfigMap changes (--settings,
                                                mode file or json); what is wrong is refused, and the last good one stays
  --metrics FILE         CHARTGEN_METRICS       with --watch: what became of the changes, for Prometheus
  --help                                        this text

Exit status: 0 written (with --once); 1 a setting is wrong; 2 the command line or settings.py is; 3 a fault of this file;
4 a file cannot be read or written, or a page cannot be used; 126, 127 the command cannot be run, or is not there;
128 + N ended by signal N.

In the modes file and json, with --settings, the settings are in settings.json as well, with a version, for open tabs.

Standard library only; Python 3.9 to 3.14. The same for every app.
"""

try:  # as the first thing, since PID 1 gets no signal without a handler; `signal` itself takes longer than the rest here
    import _signal as signal
except ImportError:
    import signal  # type: ignore[no-redef]
import os
import sys

_unfinished = set()  # files that are being written
_staged = None  # while files are written: what takes each one's place once all are there; None where one is to go


def _stop(number, _frame):
    for path in _unfinished:
        try:
            os.unlink(path)
        except OSError:
            pass
    os._exit(128 + number)


if __name__ == "__main__":
    for _name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"):
        _number = getattr(signal, _name, None)
        if _number is not None and signal.getsignal(_number) != signal.SIG_IGN:
            signal.signal(_number, _stop)

try:  # hashlib takes longer than all else here
    from _sha2 import sha256  # Python 3.12 and later
except ImportError:
    try:
        from _sha256 import sha256
    except ImportError:
        from hashlib import sha256

INVALID, USAGE, BUG, OUTSIDE = 1, 2, 3, 4
_CHUNK = 1 << 20
_READ_ONLY = (1, 13, 30)  # EPERM, EACCES, EROFS
_TRIES = 5  # how often a mounted ConfigMap may change while it is read
_MARK = b"data-chartgen"
_OPEN, _CLOSE = b'<script data-chartgen="', b"</script>"
_SCRIPT_FILE, _SETTINGS_FILE = "chartgen-settings.js", "settings.json"
_TICK = 2.0  # seconds: how often the ConfigMap is looked at, whatever the kernel tells
_CALM = 1.0  # seconds: how long files that are not changed all at once must be as they are before they are read
_LONGEST = 60.0  # seconds: what could not be written is tried again after 2, 4, 8 ... and at most this
_OPTIONS = {
    "html": "", "settings": "", "source": "", "output": "", "mode": "inline", "public-path": "/", "on-invalid": "fail",
    "csp-file": "", "table": "", "log": "plain", "metrics": "",
}  # fmt: skip
_CHOICES = {"mode": ("inline", "file", "json"), "on-invalid": ("fail", "defaults"), "log": ("plain", "json")}


class Stop(Exception):  # noqa: N818 - an end is no error; --help is one
    """The end: an exit status, and what to say, a line each."""

    def __init__(self, status, *lines):
        Exception.__init__(self, *lines)
        self.status = status
        self.lines = lines


# --- The command line


def parse(arguments, environment):
    """The options by name (`html` is a list, `once` and `watch` are truths), and the command.

    Raises:
        Stop: the command line makes no sense.
    """
    options = {name: environment.get(_variable(name)) or default for name, default in _OPTIONS.items()}
    options["html"] = [part for part in options["html"].split(os.pathsep) if part]
    pages, rest, flags = [], list(arguments), set()
    while rest and rest[0].startswith("-"):
        argument = rest.pop(0)
        if argument == "--":
            break
        if argument in ("--help", "-h"):
            raise Stop(0, *(__doc__ or "").splitlines())
        if argument in ("--once", "--watch"):
            flags.add(argument[2:])
            continue
        name, sign, value = argument[2:].partition("=")
        if not argument.startswith("--") or name not in _OPTIONS:
            raise Stop(USAGE, "there is no option " + argument.partition("=")[0] + "; --help lists them")
        if not sign:
            if not rest:
                raise Stop(USAGE, "--" + name + " needs a value")
            value = rest.pop(0)
        if name == "html":
            pages.append(value)
        else:
            options[name] = value
    options["html"] = pages or options["html"]
    is_wished = _truth("watch", environment) and "once" not in flags  # what is said here counts, as for all options
    options.update(once="once" in flags, watch="watch" in flags or is_wished)
    _check(options, rest)
    return options, rest


def _variable(name):
    return "CHARTGEN_" + name.upper().replace("-", "_")


def _truth(name, environment):
    text = environment.get(_variable(name)) or "false"
    if text not in ("true", "false"):
        raise Stop(USAGE, _variable(name) + " is none of true, false")
    return text == "true"


def _check(options, command):
    for name, choices in _CHOICES.items():
        if options[name] not in choices:
            raise Stop(USAGE, "--{} ({}) is none of {}".format(name, _variable(name), ", ".join(choices)))
    if bool(options["source"]) != bool(options["output"]):
        raise Stop(USAGE, "--source and --output are given together, or neither")
    if options["source"]:
        options["html"] = options["html"] or ["**/*.html"]
        options.update((name, os.path.normpath(options[name])) for name in ("source", "output"))
        source, output = (os.path.realpath(options[name]) + os.sep for name in ("source", "output"))
        if source.startswith(output) or output.startswith(source):
            raise Stop(USAGE, "--source and --output lie one in the other")
    if not options["html"]:
        raise Stop(USAGE, "say which pages get the settings: --html GLOB")
    if any(os.path.isabs(pattern) or ".." in pattern.split(os.sep) for pattern in options["html"] if options["source"]):
        raise Stop(USAGE, "with --source, --html is below it")
    path = options["public-path"]
    if path[:1] != "/" or path[:2] == "//" or not all("!" <= char <= "~" and char not in "\"'<>\\`" for char in path):
        raise Stop(USAGE, "--public-path begins with one /, and is in ASCII, percent-encoded")
    if options["watch"]:
        _check_watch(options, command)
    elif options["metrics"] and not options["once"]:
        raise Stop(USAGE, "--metrics (CHARTGEN_METRICS) goes with --watch")
    if not command and not options["once"] and not options["watch"]:
        raise Stop(USAGE, "say which command to become, or --once")
    if command and options["once"]:
        raise Stop(USAGE, "--once runs no command")


def _check_watch(options, command):
    if options["once"]:
        raise Stop(USAGE, "--once and --watch (CHARTGEN_WATCH) exclude each other")
    if command:
        raise Stop(USAGE, "--watch runs no command")
    if not options["settings"]:
        raise Stop(USAGE, "--watch follows a mounted ConfigMap: name it by --settings; an environment never changes")
    if options["mode"] == "inline":
        why = "the server's Content-Security-Policy has the hash of an inline script, and would refuse a new one"
        raise Stop(USAGE, "--watch needs --mode json or file: " + why)


# --- What is said


def log(level, text, as_json):
    """One line on standard error; a value of a setting is never part of it, but for numbers in a rule's arithmetic."""
    text = "".join(char if char.isprintable() else " " for char in text)
    if as_json:
        line = f'{{"level":{quoted(level)},"logger":"chartgen","message":{quoted(text)}}}'
    else:
        line = f"chartgen: {level}: {text}"
    tell(2, line)


def tell(descriptor, line):
    """Write a line out, at once; where nobody listens, it is lost."""
    view = memoryview(line.encode("utf-8", "backslashreplace") + b"\n")
    try:
        while view:
            view = view[os.write(descriptor, view) :]
    except OSError:
        pass


# --- The settings


def load_table(path):
    """The names of settings.py.

    Raises:
        Stop: it cannot be used.
    """
    table = {"__name__": "settings"}
    try:
        with open(path, "rb") as file:
            exec(compile(file.read(), path, "exec"), table)
    except OSError as error:
        raise Stop(USAGE, f"the table of settings, {path}, cannot be read: {error.strerror}") from None
    except (Exception, SystemExit) as error:
        raise Stop(USAGE, f"the table of settings, {path}, is none: {type(error).__name__}") from None
    if not {"SETTINGS", "RULES", "TOGETHER"} <= table.keys():
        raise Stop(USAGE, f"the table of settings, {path}, is none: make it anew with chartgen")
    return table


def read_texts(table, folder):
    """The bytes of each setting that is there, by its environment name: from a mounted ConfigMap, or the environment.

    Only names of the table are looked at: what else is there, the addresses of services among it, is nobody's setting.
    """
    names = [setting[1] for setting in table["SETTINGS"]]
    if not folder:
        return {name: os.environb[name.encode()] for name in names if name.encode() in os.environb}
    why = "it changes all the time"
    for _ in range(_TRIES):
        # The kubelet changes all files at once, by a link, and then removes the old ones: what the link leads to before
        # and after is one state of the map.
        state = _state_of(folder)
        try:
            there = set(os.listdir(state))
            texts = {name: _read_text(os.path.join(state, name)) for name in names if name in there}
        except OSError as error:
            why = error.strerror
        else:
            if _state_of(folder) == state:
                return texts
    raise Stop(OUTSIDE, f"the settings in {folder} cannot be read: {why}")


def _state_of(folder):
    whole = os.path.join(folder, "..data")
    try:
        return os.path.realpath(whole) if os.path.isdir(whole) else folder
    except OSError:  # the link went while it was followed, as it does where the volume goes
        return folder


def _read_text(path):
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe would be waited for
    try:
        if os.fstat(descriptor).st_mode & 0o170000 != 0o100000:
            raise OSError(22, os.path.basename(path) + " is no regular file")
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(_CHUNK + 1)
    finally:
        os.close(descriptor)


def parse_text(kind, text):
    """The value that a text says by the one grammar, None where it says none: no blanks, no exponent, ASCII's digits."""
    if kind == "string":
        return text
    if kind == "boolean":
        return {"true": True, "false": False}.get(text)
    digits = text[1:] if text[:1] == "-" else text
    whole, point, fraction = digits.partition(".")
    most = 16 if kind == "integer" else 15
    is_whole = whole.isascii() and whole.isdigit() and len(whole) <= most and (whole == "0" or whole[0] != "0")
    if kind == "integer":
        return int(text) if is_whole and not point else None
    is_fraction = fraction.isascii() and fraction.isdigit() and len(fraction) <= 6 if point else True
    return float(text) + 0.0 if is_whole and is_fraction else None


def say_none(_text):
    """A text in a message that is logged: a value is not for the log."""
    return "..."


def judge(table, texts, show=say_none):
    """The values by name (defaults where there are none or wrong ones), what is wrong with them, and what is doubtful.

    `show` is how messages have a setting's text; numbers stand in their arithmetic.

    Returns:
        The values; the errors, each with the names of the settings that have part in it; the warnings.
    """
    values, errors, warnings, wrong = {}, [], [], set()
    for name, env, kind, default, kind_words, limits in table["SETTINGS"]:
        values[name] = float(default) if kind == "number" else default
        if env not in texts:
            continue
        said = list(_faults(kind, kind_words, limits, texts[env]))
        if said:
            wrong.add(name)
            errors += [((name,), f"{env} ({name}): expected {expected}") for expected in said]
        else:
            values[name] = parse_text(kind, texts[env].decode())
    for severity, names, holds, message, mends in table["RULES"]:
        if wrong.isdisjoint(names) and not holds(values):
            said = "; ".join(filter(None, [message(values, show), ", or ".join(mends(values, show))])).replace(
                "\n", " "
            )
            if severity == "error":
                errors.append((names, said))
            else:
                warnings.append(said)
    return values, errors, warnings


def _faults(kind, kind_words, limits, text):
    if len(text) > _CHUNK:
        yield "a text of at most 1 MiB"
        return
    try:
        value = parse_text(kind, text.decode())
    except UnicodeDecodeError:
        yield "a text in UTF-8"
        return
    if value is None:
        yield kind_words + ("" if kind == "boolean" else ", in plain digits: no blanks, no exponent")
    else:
        yield from limits(value)


def fall_back(table, values, errors):
    """The values, with defaults for each setting that has part in an error, and for those that rules join to it."""
    lost = {name for names, _ in errors for name in names}
    for names in table["TOGETHER"]:
        if not lost.isdisjoint(names):
            lost.update(names)
    defaults = {setting[0]: setting[3] for setting in table["SETTINGS"]}
    return {name: defaults[name] if name in lost else value for name, value in values.items()}, lost


# --- What goes into the page


def quoted(text):
    """A text as JSON and JavaScript, in ASCII, without a character that HTML could take for its own."""
    out = []
    for char in text:
        number = ord(char)
        if 32 <= number < 127 and char not in "\"\\<>&'":
            out.append(char)
        elif number < 0x10000:
            out.append(f"\\u{number:04x}")
        else:
            number -= 0x10000
            out.append(f"\\u{0xD800 + (number >> 10):04x}\\u{0xDC00 + (number & 0x3FF):04x}")
    return '"' + "".join(out) + '"'


def written(value):
    """A value as JSON."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = (f"{value:.6f}").rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def script_of(table, values):
    """The statements that set the globals; ASCII."""
    of = {setting[0]: setting[1] for setting in table["SETTINGS"]}
    return "".join(f"window.__{of[name]}__={written(value)};" for name, value in values.items()).encode()


def data_of(table, values):
    """The settings as a JSON object, by their environment names; ASCII."""
    of = {setting[0]: setting[1] for setting in table["SETTINGS"]}
    return ("{" + ",".join(f"{quoted(of[name])}:{written(value)}" for name, value in values.items()) + "}").encode()


def document_of(data):
    """The text of settings.json: the settings, and a version that is theirs alone, so that replicas agree; ASCII."""
    return b'{"version":"' + version_of(data).encode() + b'","settings":' + data + b"}\n"


def version_of(data):
    """What names these settings."""
    return sha256(data).hexdigest()[:16]


def settings_in(document):
    """The settings object of a settings.json of chartgen's making, which its version tells; None of another."""
    data = document[len(b'{"version":"0123456789abcdef","settings":') : -len(b"}\n")]
    return data if document_of(data) == document else None


def texts_in(document):
    """The bytes of each setting in a settings.json, as a ConfigMap would have them.

    Raises:
        ValueError: it is none of chartgen's making.
    """
    import json

    found = json.loads(settings_in(document) or b"", parse_int=str, parse_float=str)
    if not isinstance(found, dict) or not all(isinstance(value, (str, bool)) for value in found.values()):
        raise ValueError("it holds something else than settings")
    return {name: (value if isinstance(value, str) else written(value)).encode() for name, value in found.items()}


def element_of(mode, script, data, public_path):
    """The element that goes into a page; its mark is the hash of all that follows, so that it is known again."""
    if mode == "inline":
        rest = b">" + script
    elif mode == "json":
        rest = b' type="application/json" id="chartgen-settings">' + data
    else:
        source = public_path.rstrip("/") + "/" + _SCRIPT_FILE + "?v=" + version_of(script)
        escaped = source.replace("&", "&amp;").replace('"', "&quot;")
        rest = b' src="' + escaped.encode() + b'">'
    return _OPEN + sha256(rest).hexdigest().encode() + b'"' + rest + _CLOSE


# --- The page: HTML's own tokenizer, as far as its head

_PRESCAN = 1024  # how many bytes browsers look through for the encoding, before they read the page
_PIECE = 256  # how many bytes are looked at in one step
_BLANKS = b" \t\n\f\r"
_BLANKS_OF_TAGS = _BLANKS + b"/"
_BLANKS_BY_NUMBER = (b"9", b"10", b"12", b"13", b"32"), (b"9", b"a", b"c", b"d", b"20")  # in references: decimal, hex
_SPACES = frozenset((b" ", b"\t", b"\n", b"\f", b"\r"))
_ENDS_OF_NAMES = _SPACES | {b"/", b">"}
_ENDS_OF_KEYS = _ENDS_OF_NAMES | {b"="}
_ENDS_OF_VALUES = _SPACES | {b">"}
_ENDS_OF_LABELS = _SPACES | {b";"}
_ENDS_OF_ROOTS = (b"head", b"body", b"html", b"br")
_RAW_IN_HEADS = (b"script", b"style", b"title", b"noscript")
_IN_HEADS = (*_RAW_IN_HEADS, b"link", b"meta", b"object", b"base", b"html", b"head")
_UTF_8 = ("utf-8", "utf8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8")
_WESTERN = (
    "windows-1252", "cp1252", "x-cp1252", "iso-8859-1", "iso8859-1", "iso88591", "iso_8859-1", "iso_8859-1:1987", "latin1",
    "l1", "ascii", "us-ascii", "ansi_x3.4-1968", "cp819", "ibm819", "iso-ir-100", "csisolatin1",
)  # fmt: skip


def with_element(page, element):
    """The parts of the page with the element in its head, before every script; what is around it stays, byte by byte.

    Raises:
        ValueError: the page cannot be used, with the reason.
    """
    start, end = _own_element(page)
    before, after = memoryview(page)[:start], memoryview(page)[end:]
    if _has_mark(page, 0, start) or _has_mark(page, end, len(page)):
        raise ValueError("it has data-chartgen= in it, which is not of chartgen's making")
    head = bytes(before) + bytes(after[:_CHUNK]) if end else page
    place = insertion(head)
    check_encoding(head, place, element)
    if end and place != start:
        raise ValueError("chartgen's script in it is not where chartgen puts it")
    return [memoryview(page)[:place], element, memoryview(page)[end or place :]]


def _own_element(page):
    """Where in the page the element is that an earlier start put there: (0, 0) if nowhere."""
    start = page.find(_OPEN)
    mark = start + len(_OPEN)
    end = page.find(_CLOSE, mark) if start >= 0 else -1
    if end < 0:
        return 0, 0
    rest = page[mark + 65 : end]
    if page[mark : mark + 65] != sha256(rest).hexdigest().encode() + b'"':
        return 0, 0
    return start, end + len(_CLOSE)


def _has_mark(page, start, end):
    """Whether a part of a page has a mark, in any spelling of an attribute."""
    for at in range(start, end, _CHUNK):
        piece = page[at : min(at + _CHUNK + len(_MARK), end)].lower()
        found = piece.find(_MARK)
        while found >= 0:
            if page.startswith(b"=", _behind_blanks(page, at + found + len(_MARK)), end):
                return True
            found = piece.find(_MARK, found + 1)
    return False


def check_encoding(page, place, element):
    """See that ASCII is ASCII in the page, and that browsers still know it when the element is in its place.

    Raises:
        ValueError: it may not be, or they may not.
    """
    if page.startswith(b"\xef\xbb\xbf"):
        return
    label = declared_encoding(page)
    start = page if place >= _PRESCAN else page[:place] + element + page[place : place + 2 * _PRESCAN]
    _see_known(label)
    if label and label == _in_meta(start):
        return
    in_head = encoding_in_head(page, place)
    _see_known(in_head)
    if label and label not in (declared_encoding(start), in_head):
        why = "its encoding would be told behind the first 1,024 bytes, where browsers do not look for it"
        raise ValueError(why + "; let <meta charset> be the first element of the head")


def _see_known(label):
    if label and label not in _UTF_8 + _WESTERN:
        raise ValueError(f"it is in {label[:40]}; expected UTF-8 or windows-1252")


def declared_encoding(page):
    """What a page says of its encoding where browsers look first: the label in lower case, empty where it says nothing."""
    return _in_meta(page) or _in_declaration(page[:_PRESCAN])


def _in_meta(page):
    at = 0
    while (at := page.find(b"<", at, _PRESCAN)) >= 0:
        if page.startswith(b"<!--", at):
            at = page.find(b"-->", at + 2) + 3
            if at < 3:
                return ""
            continue
        name_at = at + 2 if page.startswith(b"</", at) else at + 1
        if _is_letter(page, name_at):
            name, end = _name(page, name_at)
            attributes, behind = _attributes(page, end)
            label = _encoding_of(attributes) if name == b"meta" and name_at == at + 1 else ""
            if label or behind < 0:
                return label
            at = behind
        elif page[at + 1 : at + 2] in (b"!", b"/", b"?"):
            at = page.find(b">", at) + 1
            if not at:
                return ""
        else:
            at += 1
    return ""


def _in_declaration(start):
    """The encoding in an XML declaration, which browsers heed where no `meta` says one."""
    words = start[: max(start.find(b">"), 0)].partition(b"encoding")[2].lstrip(_BLANKS)
    value = words[1:].lstrip(_BLANKS)
    if not start.startswith(b"<?xml") or words[:1] != b"=" or value[:1] not in (b"'", b'"'):
        return ""
    label, quote, _ = value[1:].partition(value[:1])
    return _label(label) if quote else ""


def encoding_in_head(page, at):
    """What the head says of the encoding from an index on, however far: browsers look there until something else comes."""
    while (at := page.find(b"<", at)) >= 0:
        if page.startswith((b"<!", b"<?"), at):
            at = _end_of_comment(page, at) if page.startswith(b"<!--", at) else page.find(b">", at)
        elif _is_letter(page, at + 1):
            name, end = _name(page, at + 1)
            attributes, at = _attributes(page, end)
            label = _encoding_of(attributes) if name == b"meta" else ""
            if label or name not in _IN_HEADS:
                return label
            if name in _RAW_IN_HEADS:
                at = _end_of_raw(page, at, name)
        elif _is_letter(page, at + 2) and page.startswith(b"</", at):
            name, at = _name(page, at + 2)
            if name not in _IN_HEADS[:-2]:
                return ""
        else:
            at += 1
        if at < 0:
            return ""
    return ""


def _end_of_raw(page, at, name):
    """Where the end tag of an element is in whose text are no tags; -1 if nowhere."""
    while at >= 0 and (at := page.find(b"</", at)) >= 0:
        end = at + 2 + len(name)
        if page[at + 2 : end].lower() == name and page[end : end + 1] in _ENDS_OF_NAMES:
            return at
        at += 2
    return -1


def _encoding_of(attributes):
    """The encoding that a `meta` element declares."""
    if b"charset" in attributes:
        return _label(attributes[b"charset"])
    if attributes.get(b"http-equiv", b"").lower() != b"content-type":
        return ""
    content = attributes.get(b"content", b"").lower()
    at = content.find(b"charset")
    while at >= 0:
        at = _behind_blanks(content, at + len(b"charset"))
        if content.startswith(b"=", at):
            value = content[_behind_blanks(content, at + 1) :]
            if value[:1] in (b"'", b'"'):
                label, quote, _ = value[1:].partition(value[:1])
                return _label(label) if quote else ""
            return _label(value[: _first_of(value, 0, _ENDS_OF_LABELS)])
        at = content.find(b"charset", at)
    return ""


def _label(name):
    return name.strip(_BLANKS).decode("latin-1").lower()


def insertion(page):
    """The index at which an element becomes the first of the head, behind a `meta charset` that begins it.

    As browsers read a page: blanks, comments, the doctype, end tags that mean nothing and `<html>` come before the head,
    and so do references to blanks;
    anything else but `<head>` begins the head by itself.

    Raises:
        ValueError: the page ends before its head begins.
    """
    if page.startswith((b"\xfe\xff", b"\xff\xfe")) or b"\0" in page[:4]:
        raise ValueError("it is in UTF-16 or UTF-32; expected UTF-8 or windows-1252")
    at = first = 3 if page.startswith(b"\xef\xbb\xbf") else 0
    while True:
        at = _behind_blanks(page, at)
        if at >= len(page):
            if page[first:].strip(_BLANKS):
                return at
            raise ValueError("it is empty")
        if page.startswith(b"&", at):
            behind = _behind_reference(page, at)
            if behind == at:
                return at
            at = behind
            continue
        if page.startswith(b"\0", at):
            raise ValueError("there is a NUL before its head, which browsers read in different ways")
        if page[at : at + 1] != b"<":
            return at
        behind = _behind_no_element(page, at)
        if behind is None:
            return at
        if behind == at:
            name, end = _name(page, at + 1)
            if name not in (b"html", b"head"):
                return at
            behind = _attributes(page, end)[1]
            if behind >= 0 and name == b"head":
                return _behind_charset(page, behind)
        if behind < 0:
            raise ValueError("it ends in the middle of a comment or a tag")
        at = behind


def _behind_blanks(page, at):
    return _behind(page, at, _BLANKS) if page[at : at + 1] in _SPACES else at


def _behind(page, at, some):
    """Behind all that follows of some bytes."""
    while piece := page[at : at + _PIECE]:
        rest = len(piece.lstrip(some))
        at += len(piece) - rest
        if rest:
            break
    return at


def _first_of(page, at, some):
    """Where the first of some bytes is, each as `bytes`; the page's end if there is none."""
    while at < len(page):
        first = end = min(at + _PIECE, len(page))
        for byte in some:
            found = page.find(byte, at, first)
            first = found if found >= 0 else first
        if first < end:
            return first
        at = end
    return at


def _behind_reference(page, at):
    """Behind a character reference that stands for a blank; the index itself for another."""
    for name in (b"&Tab;", b"&NewLine;"):
        if page.startswith(name, at):
            return at + len(name)
    is_hex = page[at + 2 : at + 3] in (b"x", b"X")
    first = _behind(page, at + 2 + is_hex, b"0")
    end = _behind(page, first, b"0123456789abcdefABCDEF" if is_hex else b"0123456789")
    if not page.startswith(b"&#", at) or page[first:end].lower() not in _BLANKS_BY_NUMBER[is_hex]:
        return at
    return end + page.startswith(b";", end)


def _is_letter(page, at):
    char = page[at : at + 1]
    return char.isalpha() and char.isascii()


def _behind_no_element(page, at):
    """Behind a comment, a doctype or an end tag that means nothing; `at` for a start tag, -1 if it has no end.

    None is what begins the head by itself: a text, or the end of something that was not begun.
    """
    if page.startswith(b"<!--", at):
        return _end_of_comment(page, at)
    if page.startswith((b"<!", b"<?"), at):
        return page.find(b">", at) + 1 or -1
    if page.startswith(b"</", at):
        if _is_letter(page, at + 2):
            name, end = _name(page, at + 2)
            return None if name in _ENDS_OF_ROOTS else _behind_alike(page, at, _attributes(page, end)[1])
        return page.find(b">", at) + 1 or -1
    return at if _is_letter(page, at + 1) else None


def _behind_alike(page, at, end):
    """Behind a tag, and those like it that follow at once; -1 if it has no end."""
    tag = page[at:end]
    while end >= 0 and page.startswith(tag, end):
        end += len(tag)
    return end


def _end_of_comment(page, at):
    """Behind the comment that begins at an index; -1 if it has no end."""
    if page.startswith(b"<!-->", at):
        return at + 5
    if page.startswith(b"<!--->", at):
        return at + 6
    text = at + 4
    end = page.find(b">", text)
    while end >= 0:
        if (page.startswith(b"--", end - 2, end) and end - 2 >= text) or (
            page.startswith(b"--!", end - 3, end) and end - 3 >= text
        ):
            return end + 1
        end = page.find(b">", end + 1)
    return -1


def _name(page, at):
    """The name of the tag whose name begins at an index, in lower case, and the index behind it."""
    end = _first_of(page, at, _ENDS_OF_NAMES)
    return page[at:end].lower(), end


def _attributes(page, at):
    """The attributes of a tag from behind its name on, names in lower case, and the index behind the tag, -1 if none."""
    found = {}
    size = len(page)
    while at < size:
        char = page[at : at + 1]
        if char == b">":
            return found, at + 1
        if char in _ENDS_OF_NAMES:
            at = _behind(page, at, _BLANKS_OF_TAGS)
            continue
        start = at
        at = _first_of(page, at + 1, _ENDS_OF_KEYS)  # an attribute's name may begin with =
        name, value = page[start:at].lower(), b""
        behind = _behind_blanks(page, at)
        if page[behind : behind + 1] == b"=":
            value, at = _attribute_value(page, _behind_blanks(page, behind + 1))
            if at < 0:
                return found, -1
        found.setdefault(name, value)
    return found, -1


def _attribute_value(page, at):
    """The value that begins at an index, and the index behind it, -1 if it has no end."""
    quote = page[at : at + 1]
    if quote in (b'"', b"'"):
        end = page.find(quote, at + 1)
        return page[at + 1 : end], end + 1 or -1
    end = _first_of(page, at, _ENDS_OF_VALUES)
    return page[at:end], end


def _behind_charset(page, at):
    """Behind the `meta` that says the encoding, where only such as do nothing stand before it.

    Browsers look for it in a page's first bytes, from which the settings would push it.
    """
    start = at
    while at < _PRESCAN:
        at = _behind_blanks(page, at)
        if page.startswith(b"<!--", at):
            at = _end_of_comment(page, at)
        elif _is_letter(page, at + 1) and page.startswith(b"<", at):
            name, end = _name(page, at + 1)
            attributes, at = _attributes(page, end) if name == b"meta" else ({}, -1)
            if attributes.get(b"http-equiv", b"content-type").lower() != b"content-type":
                break  # a policy may say the encoding as well
            if _encoding_of(attributes):
                return at if at >= 0 else start
        else:
            break
        if at < 0:
            break
    return start


# --- Files


def mtime_of(data):
    """A time from the content alone: what differs has another one, and every replica has the same.

    Servers make `ETag` and `Last-Modified` of it; a page that changed is never answered by 304.
    """
    return 1_000_000_000 + int.from_bytes(data.digest()[:4], "big") % (1 << 29)


def replace(path, parts, like, mtime_ns, waits=True):
    """Write a file whole or not at all: beside it, then in its place. `like` is the status whose mode and owner it gets.

    It takes its place with the others, if some are written together, unless it does not wait for them.
    """
    folder, base = os.path.split(path)
    base = base.encode("utf-8", "replace")[:200].decode("utf-8", "ignore")  # 255 bytes are the most
    temporary = os.path.join(folder, f".{base}.{os.urandom(8).hex()}.chartgen")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
    _unfinished.add(temporary)
    is_waiting = False
    try:
        descriptor = os.open(temporary, flags, 0o600)
        try:
            for part in parts:
                view = memoryview(part)
                while view:
                    view = view[os.write(descriptor, view[:_CHUNK]) :]
            _take_over(descriptor, like)
            os.utime(descriptor, ns=(mtime_ns, mtime_ns))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if _staged is not None and waits:
            is_waiting = _stage(temporary, path)
        else:
            os.replace(temporary, path)
    except BaseException as error:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        raise _of_writing(error, path) from None
    finally:
        if not is_waiting:
            _unfinished.discard(temporary)


def _of_writing(error, path):
    """The error, with the file that people know; the other name is of no use to them."""
    if isinstance(error, OSError):
        error.filename, error.is_of_writing = path, True
    return error


def _key(path):
    """The one spelling of a file's place, whatever links lead to its folder."""
    folder, base = os.path.split(path)
    return os.path.join(os.path.realpath(folder), base)


def _now(path):
    """Where the text of a file is by now: beside its place, if it waits to take that."""
    return (_staged and _staged.get(_key(path))) or path


def _real(path):
    """The file that a path leads to, which is what is written: a link stays one."""
    return os.path.realpath(path) if os.path.islink(path) and _now(path) == path else path


def _stage(temporary, path):
    """Have a file wait for the others; whether it does, or has taken the place of one that waits."""
    if os.path.isdir(path) and not os.path.islink(path):
        raise IsADirectoryError(21, os.strerror(21))  # said before anything takes its place
    waiting = _now(path)
    if waiting != path:
        os.replace(temporary, waiting)
        return False
    _staged[_key(path)] = temporary
    return True


def _take_place(path, temporary):
    try:
        if temporary:
            os.replace(temporary, path)
        else:
            os.unlink(path)
    except FileNotFoundError:
        if temporary:
            raise
    except OSError as error:
        raise _of_writing(error, path) from None


def replace_together(write):
    """Have what a function writes take its place only when all of it is written, in that order, or none of it.

    A signal waits for the renames, which take no time to speak of.
    """
    global _staged
    if _staged is not None:  # it is a part of more that is written together
        write()
        return
    _staged = {}
    signals = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        write()
        signal.pthread_sigmask(signal.SIG_BLOCK, signals)
        for path, temporary in _staged.items():
            _take_place(path, temporary)
    finally:
        for temporary in filter(None, _staged.values()):
            try:
                os.unlink(temporary)
            except OSError:
                pass
            _unfinished.discard(temporary)
        _staged = None
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _take_over(descriptor, like):
    bits = 0o7777
    for owner, group in ((-1, like.st_gid), (like.st_uid, -1)):
        try:
            os.fchown(descriptor, owner, group)
        except OSError:  # who may not give files away keeps them, without the rights of an owner that they do not have
            bits = 0o1777
    os.fchmod(descriptor, (like.st_mode & bits) | 0o400)  # behind the owner, whose change takes bits away


def read_file(path):
    """The whole of a file, and its status."""
    with open(_now(path), "rb") as file:
        return file.read(), os.fstat(file.fileno())


def hash_of(parts, maker=None):
    """The hash of a text in parts: sha256's, or the maker's."""
    made = (maker or sha256)(b"")
    for part in parts:
        made.update(part)
    return made


def write_if_new(path, parts, like):
    """Write a file, with a time of its own content, unless it is there already; whether it was written."""
    mtime = mtime_of(hash_of(parts))
    try:
        status = os.stat(_now(path))
        if int(status.st_mtime) == mtime and status.st_size == sum(map(len, parts)) and _holds(_now(path), parts):
            return False
    except OSError:
        pass
    replace(path, parts, like, mtime * 10**9)
    return True


def _holds(path, parts):
    with open(path, "rb") as file:
        for part in parts:
            view = memoryview(part)
            for start in range(0, len(view), _CHUNK):
                piece = view[start : start + _CHUNK]
                if file.read(len(piece)) != piece:
                    return False
        return not file.read(1)


def write_twins(path, parts, say, source=""):
    """Bring the compressed forms of a file up to date: `.gz` made anew, others removed, since Python cannot make them.

    `source` is where the file comes from, if it is elsewhere: a `.gz` beside that one counts.
    """
    for ending in (".br", ".zst"):
        if _remove(path + ending):
            say("info", path + ending + " removed: it held the file as it was")
        elif source and os.path.exists(source + ending):
            say("info", source + ending + " left out: it holds the file as it was")
    mtime = mtime_of(hash_of(parts))
    twin = _real(path + ".gz")
    if os.path.exists(_now(twin)):
        status = os.stat(_now(twin))
        if int(status.st_mtime) == mtime:
            return
    elif source and os.path.exists(source + ".gz"):
        status = os.stat(source + ".gz")
    else:
        return
    replace(twin, compressed(parts), status, mtime * 10**9)
    say("info", path + ".gz made anew")


def _remove(path):
    """Remove a file, if it is there, which is asked first: what is read-only refuses it for what is not there as well."""
    if not os.path.lexists(path):
        return False
    if _staged is None:
        _take_place(path, None)
    else:
        _staged[_key(path)] = None
    return True


def compressed(parts):
    """A text in parts as gzip, the same on every machine of one zlib: no name, no time."""
    import zlib

    maker = zlib.compressobj(9, zlib.DEFLATED, 31)
    for part in parts:
        view = memoryview(part)
        for start in range(0, len(view), _CHUNK):
            yield maker.compress(view[start : start + _CHUNK])
    yield maker.flush()


def sweep(folder):
    """Remove what a start that was killed left half-written, unless another start may still be at it."""
    import time

    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if name.startswith(".") and name.endswith(".chartgen"):
            try:
                if time.time() - os.lstat(path).st_ctime > 600:
                    os.unlink(path)
            except OSError:
                pass


# --- The site


def walk(top, leads=None, say=None):
    """What is under a folder, through links: its path, that from the folder on, and whether it is a folder.

    What the kubelet keeps for itself is left out, and so are folders that do not lead to what is looked for. With `say`,
    one that may not be read is left out with a warning.
    """
    rest = [("", ())]
    while rest:
        below, above = rest.pop()
        folder = os.path.join(top, below) if below else top
        try:
            status, names = os.stat(folder), os.listdir(folder)
        except PermissionError:
            if say is None:
                raise
            say("warning", f"{folder} may not be read: no page in it gets the settings")
            continue
        identity = status.st_dev, status.st_ino
        if identity in above:
            continue
        if below:
            yield folder, below, True
        inner = []
        for each in sorted(os.path.join(below, name) for name in names if not name.startswith("..")):
            path = os.path.join(top, each)
            if not os.path.isdir(path):
                yield path, each, False
            elif leads is None or leads(each):
                inner.append((each, (*above, identity)))
        rest += reversed(inner)


def fits(path, pattern):
    """Whether the parts of a path are as those of a pattern: `*` and `?` within a part, `**` for any number of parts.

    As in a shell, what begins with a dot is hidden from them.
    """
    return len(pattern) in _reached(path, pattern)


def _reached(path, pattern):
    """Which indices of a pattern may be gone on from behind the parts of a path."""
    reached = _with_empty({0}, pattern)
    for part in path:
        is_hidden = part[:1] == "."
        there = set()
        for at in reached - {len(pattern)}:
            if pattern[at] == "**":
                there |= set() if is_hidden else {at}
            elif (not is_hidden or pattern[at][:1] == ".") and _fits(part, pattern[at]):
                there.add(at + 1)
        reached = _with_empty(there, pattern)
    return reached


def _with_empty(reached, pattern):
    """The indices, and those that are reached where a `**` stands for no part."""
    for at in range(len(pattern)):
        if at in reached and pattern[at] == "**":
            reached.add(at + 1)
    return reached


def _fits(name, pattern):
    first, *rest = pattern.split("*")
    if not rest:
        return len(name) == len(first) and all(want in ("?", char) for char, want in zip(name, first))
    if len(name) < len(first) or not _fits(name[: len(first)], first):
        return False
    at, last = len(first), rest.pop()
    for part in rest:
        while at + len(part) <= len(name) and not _fits(name[at : at + len(part)], part):
            at += 1
        at += len(part)
    return at + len(last) <= len(name) and _fits(name[len(name) - len(last) :], last)


def find_pages(options, say=lambda *_: None):
    """The folder of the site, and the pages: where each is read, where it is written, and all paths that lead there.

    The folder is `--output`, or where all patterns begin to differ.

    Raises:
        Stop: a pattern finds none.
    """
    found, tops = {}, []
    for pattern in map(os.path.normpath, options["html"]):
        whole = os.path.join(options["source"], pattern) if options["source"] else os.path.abspath(pattern)
        top, parts = _fixed(whole, pattern)
        tops.append(os.path.realpath(top))
        paths = list(_fitting(top, parts, say)) if parts else [whole]
        if not paths or not os.path.isfile(paths[0]):
            raise Stop(OUTSIDE, f"there is no page {pattern}")
        for path in paths:
            if options["source"]:
                target = os.path.join(options["output"], os.path.relpath(path, options["source"]))
                found[target] = path, {target: None}
            else:
                target = os.path.realpath(path)  # a link stays one: what it leads to gets the settings
                found.setdefault(target, (path, {}))[1].update(_names(path))
    pages = [(path, target, list(names)) for target, (path, names) in found.items()]
    return options["output"] or os.path.commonpath(tops), pages


def _fitting(top, pattern, say):
    """The files under a folder that fit a pattern.

    Raises:
        Stop: one is a link that leads nowhere.
    """

    def leads(below):
        return min(_reached(below.split(os.sep), pattern), default=len(pattern)) < len(pattern)

    for path, below, is_folder in walk(top, leads, say):
        if is_folder or not fits(below.split(os.sep), pattern):
            continue
        if os.path.isfile(path):
            yield path
        elif os.path.islink(path):
            raise Stop(OUTSIDE, f"there is no page {path}: it is a link that leads nowhere")


def _names(path):
    """The paths of a file, through links, down to the file's own."""
    names = {os.path.abspath(path): None}
    while True:
        folder, base = os.path.split(path)
        names[os.path.join(os.path.realpath(folder), base)] = None
        if not os.path.islink(path):
            return names
        path = os.path.join(folder, os.readlink(path))


def _fixed(whole, pattern):
    """The folder above the first part with a sign in it, and the parts from there on; none if there is no sign."""
    parts = pattern.split(os.sep)
    signs = [at for at, part in enumerate(parts) if "*" in part or "?" in part]
    if not signs:
        return os.path.dirname(whole), []
    varying = parts[signs[0] :]
    return os.sep.join(whole.split(os.sep)[: -len(varying)]) or os.sep, varying


def mirror(source, output, pages, say):
    """Copy what lies beside the pages, unless it is there already; the folders that there are.

    What is new takes its place at once, since no page asks for it yet.
    """
    skipped = {page + ending for page in pages for ending in ("", ".gz", ".br", ".zst")}
    _make_folder(output, source)
    folders = {output}
    for path, below, is_folder in walk(source):
        target = os.path.join(output, below)
        if is_folder:
            _make_folder(target, path)
            folders.add(target)
        elif not os.path.isfile(path):
            why = "it is a link that leads nowhere" if os.path.islink(path) else "it is no file"
            say("warning", f"{path} left out: {why}")
        elif path not in skipped and not _is_copy(target, path):
            with open(path, "rb") as file:
                status = os.fstat(file.fileno())
                parts = iter(lambda: file.read(_CHUNK), b"")
                replace(target, parts, status, status.st_mtime_ns, os.path.lexists(target))
    return folders


def _make_folder(path, like):
    """Make a folder with another's mode, as far as it can be written."""
    if not os.path.isdir(path):
        try:
            os.makedirs(path, exist_ok=True)
            os.chmod(path, (os.stat(like).st_mode & 0o7777) | 0o700)
        except OSError as error:
            raise _of_writing(error, path) from None


def _is_copy(target, path):
    """Whether a file is another's copy; in images with pinned times, that is not to be seen without reading both."""
    try:
        there, status = os.stat(target), os.stat(path)
        if (there.st_size, there.st_mtime_ns) != (status.st_size, status.st_mtime_ns):
            return False
        with open(path, "rb") as file:
            return _holds(target, iter(lambda: file.read(_CHUNK), b""))
    except FileNotFoundError:
        return False


def render(options, table, values, say, is_change=False):
    """Write the settings into every page, and what goes with it; nothing is written unless every page can be.

    All is written beside its place first. The script comes before the pages that ask for it, and settings.json, by which
    tabs learn of a change, behind them. A change leaves what lies beside the pages as it is.
    """
    root, pages = find_pages(options, say)
    script, data = script_of(table, values), data_of(table, values)
    element = element_of(options["mode"], script, data, options["public-path"])
    document = _document(options, root, data, say)
    for path, _, _ in pages:
        made = _page_with(path, element)
    folders = {root} | {os.path.dirname(name) for _, _, names in pages for name in names}
    said = []

    def note(*words):
        said.append(words)  # it is true when all is in its place

    def write():
        copied = set()
        if options["source"] and not is_change:
            copied = mirror(options["source"], options["output"], {path for path, _, _ in pages}, note)
        for folder in folders | copied:
            os.makedirs(folder, exist_ok=True)
            sweep(folder)
        script_path = os.path.join(root, _SCRIPT_FILE)
        if options["mode"] == "file":
            _write_beside(script_path, script, made[1], note)
        for path, target, names in pages:
            parts, status = made if len(pages) == 1 else _page_with(path, element)
            is_new = write_if_new(target, parts, status)
            for name in names:
                write_twins(name, parts, note, path if options["source"] else "")
            note("info", "{} has the settings{}".format(target, "" if is_new else " already"))
        repair_workers(options, root, pages, folders, note)
        write_policy(options, script, note)
        _write_settings(os.path.join(root, _SETTINGS_FILE), document, made[1], note)
        if options["mode"] != "file":
            _remove_beside(script_path)

    replace_together(write)
    for words in said:
        say(*words)


def _page_with(path, element):
    page, status = read_file(path)
    try:
        return with_element(page, element), status
    except ValueError as error:
        raise Stop(OUTSIDE, f"{path} cannot be used: {error}") from None


def _write_beside(path, text, like, say):
    """Write a file of chartgen's own, with what lies beside it; whether it was written."""
    is_new = write_if_new(path, [text], like)
    write_twins(path, [text], say)
    return is_new


def _remove_beside(path):
    """Remove what an earlier start left of a file."""
    for ending in ("", ".gz", ".br", ".zst"):
        _remove(path + ending)


def _document(options, root, data, say):
    """What settings.json is to hold: nothing where it is not to be there, None where it is to stay, as the site's own.

    Raises:
        Stop: it is the site's own, and live reload needs the name.
    """
    wanted = document_of(data) if options["settings"] and options["mode"] != "inline" else b""
    for folder in {root, options["source"] or root}:
        path = os.path.join(folder, _SETTINGS_FILE)
        if os.path.isfile(path) and settings_in(read_file(path)[0]) is None:
            why = f"{path} is the site's own, or was changed by hand"
            if options["watch"]:
                raise Stop(OUTSIDE, why + ": --watch needs the name; give it another one, or remove it")
            if wanted:
                say("warning", why + ": it stays, and open tabs cannot learn of a change")
            return None
    return wanted


def _write_settings(path, document, like, say):
    """settings.json, by which open tabs learn of a change; where it is not to be, what an earlier start left of it goes."""
    if document:
        is_new = _write_beside(path, document, like, say)
        version = version_of(settings_in(document))
        say("info", "{} has version {}{}".format(path, version, "" if is_new else " already"))
    elif document is not None:
        _remove_beside(path)


def write_policy(options, script, say):
    """What a Content-Security-Policy must allow, for the log and for nginx to include."""
    source = ""
    if options["mode"] == "inline":
        from binascii import b2a_base64

        source = f"'sha256-{b2a_base64(sha256(script).digest(), newline=False).decode()}'"
        say("info", "a Content-Security-Policy allows the settings by script-src " + source)
    if options["csp-file"]:
        text = f'# Written by chartgen at every start.\nset $chartgen_script_hash "{source}";\n'
        path = os.path.realpath(options["csp-file"])
        write_if_new(path, [text.encode()], _plain_status())


def _plain_status():
    """The mode and owner of a file that is like none of the site."""
    return os.stat_result((0o100644, 0, 0, 1, os.geteuid(), os.getegid(), 0, 0, 0, 0))


# --- Service workers, which pin pages by their hashes

_WORKERS = ("sw", "service-worker", "precache-manifest")
_VALUE = rb"""[{,\s]["']?%s["']?\s*:\s*(["'`])([^"'`\\]*)\1"""


def repair_workers(options, root, pages, folders, say):
    """Give the manifests of Angular's and Workbox's service workers the pages' new hashes, or say that one pins a page."""
    targets = {name: target for _, target, names in pages for name in names}
    for folder in sorted(folders):
        for base in sorted(os.listdir(folder)):
            path = os.path.join(folder, base)
            if not base.endswith(".js") and base != "ngsw.json":
                continue
            text, status = _manifest(_real(path), base)
            pinned = {} if text is None else _below(targets, folder)
            if not pinned:
                continue
            if base == "ngsw.json":
                new, changed, unseen = _with_angular_hashes(text, pinned)
            else:
                page_of = _finder(folder, pinned, _below(targets, root), options["public-path"].encode())
                new, changed, unseen = _with_workbox_revisions(text, pinned, page_of)
            if new != text:
                write_if_new(_real(path), [new], status)
                for name in sorted({path, _real(path)}):
                    write_twins(name, [new], say)
                say("info", f"{path} pins {_some(changed)} by {_hashes(changed)}")
            if unseen:
                why = "in a way that chartgen does not know: it may pin the old page"
                say("warning", f"{path} names {_some(unseen)} {why}")


def _manifest(path, base):
    """The text and the status of a file that may pin pages, by its name or by what it says of itself; None of another."""
    is_known = base == "ngsw.json" or base.startswith(_WORKERS)
    try:
        if not os.path.isfile(path) or not (is_known or os.path.getsize(path) <= _CHUNK):
            return None, None
        text, status = read_file(path)
    except OSError:
        if is_known:
            raise
        return None, None
    return (text if is_known or b"precach" in text else None), status


def _below(targets, folder):
    """The pages under a folder, by their paths from there, as a manifest has them."""
    start = os.path.join(folder, "")
    return {
        os.fsencode(name[len(start) :].replace(os.sep, "/")): target
        for name, target in targets.items()
        if name.startswith(start)
    }


def _some(names):
    first, *others = sorted(names)
    more = " and {} other{}".format(len(others), "s" if others[1:] else "") if others else ""
    return os.fsdecode(first) + more


def _hashes(names):
    return "its new hash" if len(names) == 1 else "their new hashes"


def _digest(target, maker=None):
    with open(_now(target), "rb") as file:
        return hash_of(iter(lambda: file.read(_CHUNK), b""), maker)


def _with_angular_hashes(text, pages):
    """The manifest with the pages' hashes, those that changed, and those that it may have unseen."""
    import re
    from hashlib import sha1  # what Angular's worker compares

    index = re.search(rb'"index"\s*:\s*"(/(?:[^"\\]*/)?)', text)
    start = index[1] if index else b"/"
    made, at, known, changed = [], 0, set(), set()
    for match in re.finditer(rb'"(/[^"\\]*)"\s*:\s*"([0-9a-f]{40})"', text):
        name = match[1][len(start) :] if match[1].startswith(start) else match[1][1:]
        if name in pages:
            known.add(name)
            digest = _digest(pages[name], sha1).hexdigest().encode()
            if digest != match[2]:
                changed.add(name)
            made += [text[at : match.start(2)], digest]
            at = match.end(2)
    has_table = b'"hashTable"' in text
    unseen = {name for name in pages if name not in known and (not has_table or name in text)}
    return b"".join([*made, text[at:]]), changed, unseen


def _finder(folder, below, rooted, public):
    """What finds the page of a URL in a worker's script: its name, where it is, and whether that is certain."""
    near, far = _spellings(below), _spellings(rooted)
    public = public.rstrip(b"/") + b"/"

    def page_of(url):
        inner = url[len(public) :] if url.startswith(public) else url.lstrip(b"/")
        while inner.startswith(b"./"):
            inner = inner[2:]
        for found in (far, near) if url.startswith(b"/") else (near,):
            if inner in found:
                return (*found[inner], True)
        parts = url.split(b"/")
        ends = [end for end in (b"/".join(parts[at:]) for at in range(1, len(parts))) if end in near]
        there = os.path.join(os.fsencode(folder), inner)
        if not ends or any(os.path.isfile(there + ending) for ending in (b"", b".html", b"index.html")):
            return None  # it is another page's
        return (*near[ends[0]], False)

    return page_of


def _spellings(pages):
    """The pages' names and places by what servers find them by: without `index.html`, without `.html`."""
    found = {name: (name, target) for name, target in pages.items()}
    for name, target in pages.items():
        folder, _, base = name.rpartition(b"/")
        others = [name[: -len(b"index.html")], folder] if base == b"index.html" else []
        for other in [*others, name[: -len(b".html")]] if base.endswith(b".html") else []:
            found.setdefault(other, (name, target))
    return found


def _with_workbox_revisions(text, pages, page_of):
    """The worker's script with the pages' revisions, those that changed, and those that it may have unseen."""
    import re

    made, rest, at = [], [], 0
    known, changed, unseen = set(), set(), set()
    for start, end in _entries(text):
        entry = text[start:end]
        url = re.search(_VALUE % b"url", entry)
        found = page_of(url[2]) if url else None
        new = _pinned(entry, found[1]) if found and found[2] else None
        if new is not None:
            known.add(found[1])
            if new != entry:
                changed.add(found[0])
        elif found:
            unseen.add(found[0])
        rest.append(text[at:start])
        made += [text[at:start], entry if new is None else new]
        at = end
    others = b"".join([*rest, text[at:]])
    unseen |= {name for name, target in pages.items() if target not in known and name in others}
    return b"".join([*made, text[at:]]), changed, unseen


def _entries(text):
    """Where the objects are, from brace to brace, that have a revision."""
    at = text.find(b"revision")
    while at >= 0:
        start, end = text.rfind(b"{", max(0, at - 4096), at), text.find(b"}", at, at + 4096)
        if start >= 0 and end >= 0 and text.find(b"}", start, at) < 0:
            yield start, end + 1
            at = end
        at = text.find(b"revision", at + 1)


def _pinned(entry, target):
    """An entry with the page's revision and integrity; None where it has them in a way that is not known."""
    import re
    from binascii import b2a_base64

    revision, integrity = (re.search(_VALUE % key, entry) for key in (b"revision", b"integrity"))
    if not revision or (not integrity and b"integrity" in entry):
        return None
    edits = [(revision.span(2), _digest(target).hexdigest()[:32].encode())]
    if integrity:
        import hashlib

        algorithms = [part.partition(b"-")[0].decode("latin-1") for part in integrity[2].split()]
        if not algorithms or not {"sha256", "sha384", "sha512"}.issuperset(algorithms):
            return None
        digests = [(name, _digest(target, getattr(hashlib, name)).digest()) for name in algorithms]
        words = [name.encode() + b"-" + b2a_base64(digest, newline=False) for name, digest in digests]
        edits.append((integrity.span(2), b" ".join(words)))
    for (start, end), new in sorted(edits, reverse=True):
        entry = entry[:start] + new + entry[end:]
    return entry


# --- Live reload


class Live:
    """A mounted ConfigMap that is followed: what of it is served, and what became of its changes."""

    def __init__(self, options, table, say):
        self.options, self.table, self.say = options, table, say
        self.folder, self.names = options["settings"], [setting[1] for setting in table["SETTINGS"]]
        self.served, self.is_whole = b"", False  # the settings that are served; whether all that is written has them
        self.is_complete = False  # whether the site beside the pages is there
        self.texts, self.refused = {}, None  # what was read last; what was found wrong, until something right comes
        self.counts, self.is_good = dict.fromkeys(("applied", "refused", "failed"), 0), False
        self.mark, self.due = None, 0.0  # the state that was looked at last, and when it is to be taken
        self.pause, self.fault = _TICK, ""  # how long until the next attempt; what was said of the last one
        self.ear, self.heard, self.is_deaf = -1, None, False  # the kernel's notices, the folder that they are of; said
        self.measured, self.is_mute = b"", False  # the counts as written; whether it was said that they cannot be

    def follow(self):
        """Write what the ConfigMap says, now and after each change, until a signal ends it.

        Raises:
            Stop: what it says is wrong at the start, and nothing is there that an earlier start left.
            OSError: it cannot be written at the start, and the same.
        """
        from time import monotonic

        self.begin(monotonic())
        while True:
            self.listen()
            self.look(monotonic())
            self.measure()
            self.wait(max(0.0, min(_TICK, self.due - monotonic())))

    def begin(self, now):
        """The first look: what is wrong then leaves what an earlier start wrote, if that is right by today's rules."""
        self.mark, self.due = fingerprint(self.folder, self.names), float("inf")
        try:
            self.texts = read_texts(self.table, self.folder)
            errors = judge(self.table, self.texts)[1]
            values = self.earlier() if errors else None
            if values is not None:
                self.served = data_of(self.table, values)
                self.refuse(errors)
            else:
                values = settle(self.options, self.table, self.texts, self.say)
            # What is served already is written, too: a start that was killed may have left a part of a change.
            render(self.options, self.table, values, self.say)
        except Exception as error:
            values = self.earlier()
            if values is None:
                raise
            self.served = data_of(self.table, values)
            self.fail(error, now)
        else:
            self.served, self.is_good = data_of(self.table, values), not errors
            self.is_complete = self.is_whole = True
            self.refused = self.texts if errors else None

    def earlier(self):
        """The values in the settings.json that an earlier start left; None where it is none, or is wrong by now."""
        try:
            document, _ = read_file(os.path.join(find_pages(self.options)[0], _SETTINGS_FILE))
            values, errors, _ = judge(self.table, texts_in(document))
        except (Stop, OSError, ValueError):
            return None
        return None if errors else values

    def look(self, now):
        """See whether the ConfigMap is another one than before, and have it written if so."""
        mark = fingerprint(self.folder, self.names)
        if mark != self.mark:
            self.mark, self.pause, self.fault = mark, _TICK, ""
            self.due = now if mark[0] != self.folder else now + _CALM  # one by one, files may be half-written
        if now < self.due:
            return
        self.due = float("inf")
        try:
            self.take()
        except Exception as error:
            self.fail(error, now)

    def take(self):
        """Read the ConfigMap, and write it where it is right."""
        texts = read_texts(self.table, self.folder)
        if fingerprint(self.folder, self.names) != self.mark:
            self.mark = None  # it has changed again: the next look takes it, whatever it is by then
            return
        if self.texts and not texts and self.mark[0] == self.folder:
            raise Stop(OUTSIDE, f"the settings in {self.folder} are gone: nothing is mounted there")
        self.texts = texts
        values, errors, warnings = judge(self.table, texts)
        if errors:
            self.refuse(errors)
            return
        data = data_of(self.table, values)
        if data != self.served or not self.is_whole:
            self.write(values, data, warnings)
        elif not self.is_good:
            self.say("info", f"the settings are again those that are served, version {version_of(data)}")
        self.is_good, self.refused = True, None

    def write(self, values, data, warnings):
        """Have a change served."""
        said = [("warning", text) for text in warnings]  # what is true only when all is in its place

        def write():
            render(self.options, self.table, values, lambda *words: said.append(words), self.is_complete)

        self.is_whole = False
        replace_together(write)
        self.is_complete = self.is_whole = True
        for level, text in said:
            self.say(level, text)
        if data != self.served:
            self.served = data
            self.counts["applied"] += 1
            so_far = f"{self.counts['applied']} so far"
            self.say("info", f"changed settings are served, {so_far}; version {version_of(data)}")

    def refuse(self, errors):
        """Say what is wrong with a change, once, and leave what is served."""
        self.is_good = False
        if self.texts != self.refused:
            self.refused = self.texts
            self.counts["refused"] += 1
            for _, text in errors:
                self.say("error", text)
            so_far = f"changed settings are refused, {self.counts['refused']} so far"
            self.say("error", f"{so_far}; version {version_of(self.served)} stays served")

    def fail(self, error, now):
        """Say what kept a change from being read or written, once, and when to try it again."""
        self.is_good = False
        self.due, self.pause = now + self.pause, min(2 * self.pause, _LONGEST)
        said = words_of(error)
        fault = getattr(error, "strerror", None) or said  # a full disk is one fault, wherever it is met
        if fault != self.fault:
            self.fault = fault
            self.counts["failed"] += 1
            so_far = f"changed settings cannot be served, {self.counts['failed']} so far"
            self.say(
                "error", f"{so_far}: {said}; it is tried again, and version {version_of(self.served)} stays served"
            )

    def measure(self):
        """Write the counts, if there are new ones."""
        path = self.options["metrics"]
        text = metrics_of(self.counts, self.is_good, version_of(self.served))
        if not path or text == self.measured:
            return
        from time import time_ns

        try:
            replace(os.path.realpath(path), [text], _plain_status(), time_ns())
            self.measured, self.is_mute = text, False
        except OSError as error:
            if not self.is_mute:
                self.say("warning", f"the metrics cannot be written: {words_of(error)}; it is tried again")
            self.is_mute = True

    def listen(self):
        """Have the kernel tell of changes in the folder, which may be another one than when it was asked last."""
        try:
            there = _identity(os.stat(self.folder))[:2]
        except OSError:
            there = None
        if there == self.heard:
            return
        self.deafen()
        self.heard = there
        if there:
            try:
                self.ear = notices_of(self.folder)
            except (ImportError, AttributeError, OSError, MemoryError) as error:
                if not self.is_deaf:
                    why = getattr(error, "strerror", None) or type(error).__name__
                    self.say("info", f"the kernel tells of no changes ({why}): they are looked for every {_TICK:.0f} s")
                self.is_deaf = True

    def deafen(self):
        """Have no more notices, until the next time that they are asked for."""
        if self.ear >= 0:
            os.close(self.ear)
        self.ear, self.heard = -1, None

    def wait(self, seconds):
        """Return when the kernel tells of something, or after so many seconds."""
        if self.ear < 0:
            from time import sleep

            sleep(seconds)
        elif _is_told(self.ear, seconds):
            try:
                notices = os.read(self.ear, 1 << 16)
            except OSError:
                self.deafen()
            else:
                if _end_in(notices):
                    self.deafen()


def fingerprint(folder, names):
    """What tells one state of a mounted ConfigMap from another, without reading it; first where its files are.

    That is the folder itself where the kubelet's link is not there, and files change one by one.
    """
    state = _state_of(folder)
    marks = [state]
    for path in (os.path.join(folder, "..data"), *(os.path.join(state, name) for name in names)):
        try:
            marks.append(_identity(os.lstat(path) if path.endswith("..data") else os.stat(path)))
        except OSError as error:
            marks.append(error.errno)
    return marks


def _identity(status):
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def notices_of(folder):
    """A descriptor of inotify for a folder: of what comes, goes, or is written in it, and of the folder's own end.

    Raises:
        ImportError, AttributeError: there is no inotify here.
        OSError: it does not tell.
    """
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    descriptor = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if descriptor < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    # MODIFY, ATTRIB, CLOSE_WRITE, MOVED_FROM, MOVED_TO, CREATE, DELETE, DELETE_SELF, MOVE_SELF, ONLYDIR
    if libc.inotify_add_watch(descriptor, os.fsencode(folder), 0x1000FCE) < 0:
        number = ctypes.get_errno()
        os.close(descriptor)
        raise OSError(number, os.strerror(number))
    return descriptor


def _is_told(descriptor, seconds):
    import select
    from time import sleep

    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    if not poll.poll(seconds * 1000):
        return False
    sleep(0.05)  # one change is several notices
    return True


def _end_in(notices):
    """Whether notices tell that there will be no more: the folder was moved, unmounted, or removed."""
    at = 0
    while at + 16 <= len(notices):
        if int.from_bytes(notices[at + 4 : at + 8], sys.byteorder) & 0xAC00:  # DELETE_SELF, MOVE_SELF, UNMOUNT, IGNORED
            return True
        at += 16 + int.from_bytes(notices[at + 12 : at + 16], sys.byteorder)
    return False


def metrics_of(counts, is_good, version):
    """The counts as Prometheus reads them."""
    lines = [
        "# HELP chartgen_settings_changes_total Changes of the mounted settings since the start, by what became of them.",
        "# TYPE chartgen_settings_changes_total counter",
        *(f'chartgen_settings_changes_total{{result="{result}"}} {count}' for result, count in counts.items()),
        "# HELP chartgen_settings_last_change_successful Whether the mounted settings are those that are served.",
        "# TYPE chartgen_settings_last_change_successful gauge",
        f"chartgen_settings_last_change_successful {int(is_good)}",
        "# HELP chartgen_settings_info The version of the settings that are served.",
        "# TYPE chartgen_settings_info gauge",
        f'chartgen_settings_info{{version="{version}"}} 1',
    ]
    return "".join(line + "\n" for line in lines).encode()


# --- From start to end


def settle(options, table, texts, say):
    """The values to write.

    Raises:
        Stop: they are wrong, and no defaults are to take their place.
    """
    values, errors, warnings = judge(table, texts)
    for text in warnings:
        say("warning", text)
    if errors and options["on-invalid"] == "fail":
        raise Stop(INVALID, *(text for _, text in errors))
    if errors:
        for _, text in errors:
            say("error", text)
        values, lost = fall_back(table, values, errors)
        envs = [setting[1] for setting in table["SETTINGS"] if setting[0] in lost]
        say("warning", "defaults take the place of " + ", ".join(envs))
    return values


def become(command):
    """Replace this process by the command, with signals and PATH as they were given.

    Raises:
        Stop: it cannot be run.
    """
    for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores them, and what is ignored stays so
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    _take_back_locale()
    try:
        if command[0]:
            os.execvp(command[0], command)
    except OSError as error:
        # A file on PATH is no place to look in.
        is_there = os.path.dirname(command[0]) or not isinstance(error, NotADirectoryError)
        if is_there and not isinstance(error, FileNotFoundError):
            raise Stop(126, f"{command[0]} cannot be run: {error.strerror}") from None
    raise Stop(127, "there is no command " + (command[0] or "of an empty name"))


def _take_back_locale():
    """Give the command LC_CTYPE as it was given: Python sets it, where no locale is."""
    try:
        with open("/proc/self/environ", "rb") as file:
            given = [line[9:] for line in file.read().split(b"\0") if line.startswith(b"LC_CTYPE=")]
    except OSError:
        return  # there is no other witness
    if given:
        os.environb[b"LC_CTYPE"] = given[0]
    else:
        os.environb.pop(b"LC_CTYPE", None)


def words_of(error):
    """What is said of an error; its own words may hold values."""
    if isinstance(error, Stop):
        return "; ".join(error.lines)
    if isinstance(error, OSError):
        return "{}: {}".format(error.filename or "a file", error.strerror)
    place = error.__traceback__
    while place.tb_next:
        place = place.tb_next
    frame = f"line {place.tb_lineno} of {place.tb_frame.f_code.co_filename}"
    return f"a fault of chartgen's own: {type(error).__name__} at {frame}"


def main(arguments):
    """The exit status; no return where a command takes over."""
    pairs = [("--log", os.environ.get("CHARTGEN_LOG")), *zip(arguments, arguments[1:])]
    as_json = ("--log", "json") in pairs or "--log=json" in arguments  # until they are read

    def say(level, text):
        log(level, text, as_json)

    try:
        options, command = parse(arguments, os.environ)
        as_json = options["log"] == "json"
        beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "settings.py")
        table = load_table(options["table"] or beside)
        if options["watch"]:
            Live(options, table, say).follow()
        render(options, table, settle(options, table, read_texts(table, options["settings"]), say), say)
        if not options["once"]:
            become(command)
    except Stop as stop:
        for line in stop.lines:
            if stop.status:
                say("error", line)
            else:
                tell(1, line)
        return stop.status
    except OSError as error:
        say("error", words_of(error))
        if error.errno in _READ_ONLY and getattr(error, "is_of_writing", False):
            say("info", "where the site cannot be written, --source and --output write it elsewhere")
        return OUTSIDE
    except Exception as error:
        say("error", words_of(error))
        return BUG
    return 0


if __name__ == "__main__":
    for _descriptor in (0, 1, 2):  # if one were closed, a page would get its number, and lines of the log
        try:
            os.fstat(_descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    os._exit(main(sys.argv[1:]))  # without what the interpreter does at its end: it takes longer than a page

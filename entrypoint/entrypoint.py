#!/usr/bin/env python3
"""Put a frontend's runtime settings into its pages, then become the server.

    entrypoint.py [OPTION]... [--] COMMAND [ARGUMENT]...
    entrypoint.py [OPTION]... --once

The settings come from environment variables, or from the files of a mounted ConfigMap; `settings.py` beside this file
says which there are, and what they must be. The browser finds them as `window.__NAME__`. No shell takes part, and once
the command runs, no Python is left.

Options, each with the environment variable that stands for it:
  --html GLOB            CHARTGEN_HTML          the pages; may be given more than once (in the variable, `:` between them)
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
  --help                                        this text

Exit status: 0 written (with --once); 1 a setting is wrong; 2 the command line or settings.py is; 4 a file cannot be read
or written, or a page cannot be used; 126, 127 the command cannot be run, or is not there; 128 + N ended by signal N.

Standard library only; Python 3.9 to 3.14. The same for every app.
"""

try:  # as the first thing, since PID 1 gets no signal without a handler; `signal` itself takes longer than the rest here
    import _signal as signal
except ImportError:
    import signal  # type: ignore[no-redef]
import os
import sys

_unfinished = set()  # files that are being written


def _stop(number, _frame):
    for path in _unfinished:
        try:
            os.unlink(path)
        except OSError:
            pass
    os._exit(128 + number)


for _name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"):
    _number = getattr(signal, _name, None)
    if _number is not None and signal.getsignal(_number) != signal.SIG_IGN:
        signal.signal(_number, _stop)

INVALID, USAGE, OUTSIDE = 1, 2, 4
_CHUNK = 1 << 20
_MARK = b"data-chartgen="
_OPEN, _CLOSE = b'<script data-chartgen="', b"</script>"
_SCRIPT_FILE = "chartgen-settings.js"
_OPTIONS = {
    "html": "", "settings": "", "source": "", "output": "", "mode": "inline", "public-path": "/", "on-invalid": "fail",
    "csp-file": "", "table": "", "log": "plain",
}  # fmt: skip
_CHOICES = {"mode": ("inline", "file", "json"), "on-invalid": ("fail", "defaults"), "log": ("plain", "json")}


class Stop(Exception):
    """The end: an exit status, and what to say, a line each."""

    def __init__(self, status, *lines):
        Exception.__init__(self, *lines)
        self.status = status
        self.lines = lines


# --- The command line


def parse(arguments, environment):
    """The options by name (`html` is a list, `once` a truth), and the command.

    Raises:
        Stop: the command line makes no sense.
    """
    options = {name: environment.get(_variable(name)) or default for name, default in _OPTIONS.items()}
    options["html"] = [part for part in options["html"].split(os.pathsep) if part]
    options["once"] = False
    pages, rest = [], list(arguments)
    while rest and rest[0].startswith("-"):
        argument = rest.pop(0)
        if argument == "--":
            break
        if argument in ("--help", "-h"):
            raise Stop(0, *(__doc__ or "").splitlines())
        if argument == "--once":
            options["once"] = True
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
    _check(options, rest)
    return options, rest


def _variable(name):
    return "CHARTGEN_" + name.upper().replace("-", "_")


def _check(options, command):
    for name, choices in _CHOICES.items():
        if options[name] not in choices:
            raise Stop(USAGE, "--%s (%s) is none of %s" % (name, _variable(name), ", ".join(choices)))
    if bool(options["source"]) != bool(options["output"]):
        raise Stop(USAGE, "--source and --output are given together, or neither")
    if options["source"]:
        options["html"] = options["html"] or ["**/*.html"]
        source, output = (os.path.realpath(options[name]) + os.sep for name in ("source", "output"))
        if source.startswith(output) or output.startswith(source):
            raise Stop(USAGE, "--source and --output lie one in the other")
    if not options["html"]:
        raise Stop(USAGE, "say which pages get the settings: --html GLOB")
    if not options["public-path"].startswith("/"):
        raise Stop(USAGE, "--public-path begins with /")
    if not command and not options["once"]:
        raise Stop(USAGE, "say which command to become, or --once")
    if command and options["once"]:
        raise Stop(USAGE, "--once runs no command")


# --- What is said


def log(level, text, as_json):
    """One line on standard error; a value of a setting is never part of it, but for numbers in a rule's arithmetic."""
    text = "".join(char if char.isprintable() else " " for char in text)
    if as_json:
        line = '{"level":%s,"logger":"chartgen","message":%s}' % (quoted(level), quoted(text))
    else:
        line = "chartgen: %s: %s" % (level, text)
    try:
        sys.stderr.write(line.encode("ascii", "backslashreplace").decode() + "\n" if as_json else line + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass  # nobody listens


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
        raise Stop(USAGE, "the table of settings, %s, cannot be read: %s" % (path, error.strerror)) from None
    except Exception as error:
        raise Stop(USAGE, "the table of settings, %s, is none: %s" % (path, error)) from None
    if not {"SETTINGS", "RULES", "TOGETHER"} <= table.keys():
        raise Stop(USAGE, "the table of settings, %s, is none: make it anew with chartgen" % path)
    return table


def read_texts(table, folder):
    """The bytes of each setting that is there, by its environment name: from a mounted ConfigMap, or the environment.

    Only names of the table are looked at: what else is there, the addresses of services among it, is nobody's setting.
    """
    names = [setting[1] for setting in table["SETTINGS"]]
    if not folder:
        return {name: os.environb[name.encode()] for name in names if name.encode() in os.environb}
    texts = {}
    try:
        # The kubelet changes all files at once, by a link: what it leads to now is one state of the map.
        whole = os.path.join(folder, "..data")
        folder = os.path.realpath(whole) if os.path.isdir(whole) else folder
        there = set(os.listdir(folder))
        for name in names:
            if name in there:
                with open(os.path.join(folder, name), "rb") as file:
                    texts[name] = file.read(_CHUNK + 1)
    except OSError as error:
        raise Stop(OUTSIDE, "the settings in %s cannot be read: %s" % (folder, error.strerror)) from None
    return texts


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


def judge(table, texts):
    """The values by name (defaults where there are none or wrong ones), what is wrong with them, and what is doubtful.

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
            errors += [((name,), "%s (%s): expected %s" % (env, name, expected)) for expected in said]
        else:
            values[name] = parse_text(kind, texts[env].decode())
    for severity, names, holds, message, mends in table["RULES"]:
        if wrong.isdisjoint(names) and not holds(values):
            said = _of_rule(names, message, mends, values)
            if severity == "error":
                errors.append((names, said))
            else:
                warnings.append(said)
    return values, errors, warnings


def _faults(kind, kind_words, limits, text):
    try:
        value = parse_text(kind, text.decode())
    except UnicodeDecodeError:
        yield "a text in UTF-8"
        return
    if len(text) > _CHUNK:
        yield "a text of at most 1 MiB"
    elif value is None:
        yield kind_words + {"boolean": "", "string": ""}.get(kind, ", in plain digits: no blanks, no exponent")
    else:
        for expected in limits(value):
            yield expected


def _of_rule(names, message, mends, values):
    """The author's sentence with the numbers in it, then what mends it; texts are left out, as values are not logged."""
    known = [value for value in (values[name] for name in names) if isinstance(value, str) and value]
    parts = [message(values), ", or ".join(mends(values))]
    for value in sorted(known, key=len, reverse=True):
        parts[0] = parts[0].replace(value, "...")
    return "; ".join(filter(None, parts))


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
            out.append("\\u%04x" % number)
        else:
            number -= 0x10000
            out.append("\\u%04x\\u%04x" % (0xD800 + (number >> 10), 0xDC00 + (number & 0x3FF)))
    return '"' + "".join(out) + '"'


def written(value):
    """A value as JSON."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    text = ("%.6f" % value).rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def script_of(table, values):
    """The statements that set the globals; ASCII."""
    of = {setting[0]: setting[1] for setting in table["SETTINGS"]}
    return "".join("window.__%s__=%s;" % (of[name], written(value)) for name, value in values.items()).encode()


def data_of(table, values):
    """The settings as a JSON object, by their environment names; ASCII."""
    of = {setting[0]: setting[1] for setting in table["SETTINGS"]}
    return ("{" + ",".join("%s:%s" % (quoted(of[name]), written(value)) for name, value in values.items()) + "}").encode()


def element_of(mode, script, data, public_path):
    """The element that goes into a page; its mark is the hash of all that follows, so that it is known again."""
    if mode == "inline":
        rest = b">" + script
    elif mode == "json":
        rest = b' type="application/json" id="chartgen-settings">' + data
    else:
        version = sha256(script).hexdigest()[:16]
        source = public_path.rstrip("/") + "/" + _SCRIPT_FILE + "?v=" + version
        escaped = source.replace("&", "&amp;").replace('"', "&quot;")
        rest = b' src="' + escaped.encode() + b'">'
    return _OPEN + sha256(rest).hexdigest().encode() + b'"' + rest + _CLOSE


def sha256(data):
    """The hash object; by the small module where there is one."""
    try:
        from _sha2 import sha256 as made  # Python 3.12 and later
    except ImportError:
        try:
            from _sha256 import sha256 as made
        except ImportError:
            from hashlib import sha256 as made
    return made(data)


# --- The page: HTML's own tokenizer, as far as its head

_BLANKS = b" \t\n\f\r"
_LETTERS = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ENDS_OF_ROOTS = (b"head", b"body", b"html", b"br")
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
    if page.find(_MARK, 0, start) >= 0 or page.find(_MARK, end) >= 0:
        raise ValueError("it has data-chartgen= in it, which is not of chartgen's making")
    head = bytes(before) + bytes(after[:_CHUNK]) if end else page
    check_encoding(head)
    place = insertion(head)
    if end and place != start:
        raise ValueError("chartgen's script in it is not where chartgen puts it")
    return [memoryview(page)[:place], element, memoryview(page)[end if end else place :]]


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


def check_encoding(page):
    """See that ASCII is ASCII in the page.

    Raises:
        ValueError: it may not be.
    """
    if page.startswith((b"\xfe\xff", b"\xff\xfe")) or b"\0" in page[:4]:
        raise ValueError("it is in UTF-16 or UTF-32; expected UTF-8 or windows-1252")
    label = "" if page.startswith(b"\xef\xbb\xbf") else declared_encoding(page[:1024])
    if label and label not in _UTF_8 + _WESTERN:
        raise ValueError("it is in %s; expected UTF-8 or windows-1252" % label[:40])


def declared_encoding(start):
    """What a page says of its encoding in its first bytes: the label in lower case, empty where it says nothing."""
    at = 0
    while 0 <= (at := start.find(b"<", at)):
        if start.startswith(b"<!--", at):
            at = _end_of_comment(start, at)
            if at < 0:
                return ""
        elif start[at + 1 : at + 5].lower() == b"meta" and start[at + 5 : at + 6] in (b" ", b"\t", b"\n", b"\f", b"\r", b"/"):
            attributes, at = _attributes(start, at + 5)
            label = _encoding_of(attributes)
            if label:
                return label
            if at < 0:
                return ""
        else:
            at += 1
    return ""


def _encoding_of(attributes):
    """The encoding that a `meta` element declares."""
    if b"charset" in attributes:
        return attributes[b"charset"].strip(_BLANKS).decode("latin-1").lower()
    if attributes.get(b"http-equiv", b"").lower() != b"content-type":
        return ""
    content = attributes.get(b"content", b"").decode("latin-1").lower()
    _, sign, rest = content.partition("charset")
    rest = rest.lstrip(" \t\n\f\r")
    if not sign or not rest.startswith("="):
        return ""
    rest = rest[1:].lstrip(" \t\n\f\r")
    if rest[:1] in ("'", '"'):
        return rest[1:].partition(rest[0])[0].strip()
    return rest.partition(";")[0].split(" ")[0].strip()


def insertion(page):
    """The index at which an element becomes the first of the head, behind a `meta charset` that begins it.

    As browsers read a page: blanks, comments, the doctype, end tags that mean nothing and `<html>` come before the head;
    anything else but `<head>` begins the head by itself.

    Raises:
        ValueError: the page ends before its head begins.
    """
    at = 3 if page.startswith(b"\xef\xbb\xbf") else 0
    while True:
        at = _behind_blanks(page, at)
        if at >= len(page):
            if page.strip(_BLANKS):
                return at
            raise ValueError("it is empty")
        if page[at : at + 1] != b"<":
            return at
        behind = _behind_no_element(page, at)
        if behind is None:
            return at
        if behind < 0:
            raise ValueError("it ends in the middle of a comment or a tag")
        if behind == at:
            name, tag_end = _start_tag(page, at)
            if name == b"head":
                return _behind_charset(page, tag_end)
            if name != b"html":
                return at
            behind = tag_end
        at = behind


def _behind_blanks(page, at):
    while page[at : at + 1] in (b" ", b"\t", b"\n", b"\f", b"\r"):
        at += 1
    return at


def _behind_no_element(page, at):
    """Behind a comment, a doctype or an end tag that means nothing; `at` for a start tag, -1 if it has no end.

    None is what begins the head by itself: a text, or the end of something that was not begun.
    """
    if page.startswith(b"<!--", at):
        return _end_of_comment(page, at)
    if page.startswith((b"<!", b"<?"), at):
        return page.find(b">", at) + 1 or -1
    following = page[at + 1 : at + 2]
    if following == b"/":
        letter = page[at + 2 : at + 3]
        if letter and letter in _LETTERS:
            name, end = _start_tag(page, at + 1)
            return None if name in _ENDS_OF_ROOTS else end
        return page.find(b">", at) + 1 or -1
    return at if following and following in _LETTERS else None


def _end_of_comment(page, at):
    """Behind the comment that begins at an index; -1 if it has no end."""
    if page.startswith(b"<!-->", at):
        return at + 5
    if page.startswith(b"<!--->", at):
        return at + 6
    ends = [end + len(sign) for sign in (b"-->", b"--!>") for end in (page.find(sign, at + 4),) if end >= 0]
    return min(ends, default=-1)


def _start_tag(page, at):
    """The name of the tag at an index, in lower case, and the index behind it.

    Raises:
        ValueError: it has no end.
    """
    end = at + 1
    while end < len(page) and page[end : end + 1] not in (b" ", b"\t", b"\n", b"\f", b"\r", b"/", b">"):
        end += 1
    name = page[at + 1 : end].lower()
    _, behind = _attributes(page, end)
    if behind < 0:
        raise ValueError("it ends in the middle of a tag")
    return name, behind


def _attributes(page, at):
    """The attributes of a tag from behind its name on, names in lower case, and the index behind the tag, -1 if none."""
    found = {}
    size = len(page)
    while at < size:
        char = page[at : at + 1]
        if char == b">":
            return found, at + 1
        if char in b"/" + _BLANKS:
            at += 1
            continue
        start = at
        at += 1  # an attribute's name may begin with =
        while at < size and page[at : at + 1] not in (b" ", b"\t", b"\n", b"\f", b"\r", b"/", b">", b"="):
            at += 1
        name, value = page[start:at].lower(), b""
        behind = _behind_blanks(page, at)
        if page[behind : behind + 1] == b"=":
            at = _behind_blanks(page, behind + 1)
            quote = page[at : at + 1]
            if quote in (b'"', b"'"):
                end = page.find(quote, at + 1)
                if end < 0:
                    return found, -1
                value, at = page[at + 1 : end], end + 1
            else:
                start = at
                while at < size and page[at : at + 1] not in (b" ", b"\t", b"\n", b"\f", b"\r", b">"):
                    at += 1
                value = page[start:at]
        found.setdefault(name, value)
    return found, -1


def _behind_charset(page, at):
    """Behind the `meta` that says the encoding, if it is the first element of the head: browsers look for it early."""
    start = at
    while True:
        at = _behind_blanks(page, at)
        if page.startswith(b"<!--", at):
            at = _end_of_comment(page, at)
            if at < 0:
                return start
        elif page[at : at + 5].lower() == b"<meta" and page[at + 5 : at + 6] in (b" ", b"\t", b"\n", b"\f", b"\r", b"/"):
            attributes, behind = _attributes(page, at + 5)
            return behind if behind > 0 and _encoding_of(attributes) else start
        else:
            return start


# --- Files


def mtime_of(data):
    """A time from the content alone: what differs has another one, and every replica has the same.

    Servers make `ETag` and `Last-Modified` of it; a page that changed is never answered by 304.
    """
    return 1_000_000_000 + int.from_bytes(data.digest()[:4], "big") % (1 << 29)


def replace(path, parts, like, mtime):
    """Write a file whole or not at all: beside it, then in its place. `like` is the status whose mode and owner it gets."""
    folder, base = os.path.split(path)
    temporary = os.path.join(folder, ".%s.%s.chartgen" % (base[:100], os.urandom(8).hex()))
    _unfinished.add(temporary)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(temporary, flags, 0o600)
    try:
        try:
            for part in parts:
                view = memoryview(part)
                while view:
                    view = view[os.write(descriptor, view) :]
            _take_over(descriptor, like)
            os.utime(descriptor, (mtime, mtime))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        os.replace(temporary, path)
    except BaseException:
        try:
            os.unlink(temporary)
        except OSError:
            pass
        raise
    finally:
        _unfinished.discard(temporary)
    _sync_folder(folder)


def _take_over(descriptor, like):
    os.fchmod(descriptor, (like.st_mode & 0o777) | 0o400)
    if hasattr(os, "fchown") and (like.st_uid, like.st_gid) != (os.geteuid(), os.getegid()):
        try:
            os.fchown(descriptor, like.st_uid, like.st_gid)
        except OSError:
            pass  # who may not give files away keeps them


def _sync_folder(folder):
    try:
        descriptor = os.open(folder or ".", os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass  # not every file system can
    finally:
        os.close(descriptor)


def read_file(path):
    """The whole of a file, and its status."""
    with open(path, "rb") as file:
        return file.read(), os.fstat(file.fileno())


def hash_of(parts):
    """The hash of a text in parts."""
    made = sha256(b"")
    for part in parts:
        made.update(part)
    return made


def write_if_new(path, parts, like):
    """Write a file unless it is there already, with its time; whether it was written."""
    mtime = mtime_of(hash_of(parts))
    try:
        status = os.stat(path)
        if int(status.st_mtime) == mtime and status.st_size == sum(map(len, parts)) and _holds(path, parts):
            return False
    except OSError:
        pass
    replace(path, parts, like, mtime)
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


def write_twins(path, parts, like, say):
    """Bring the compressed forms of a page up to date: `.gz` made anew, others removed, since Python cannot make them."""
    for ending in (".br", ".zst"):
        try:
            os.unlink(path + ending)
            say("info", path + ending + " removed: it held the page as it was")
        except FileNotFoundError:
            pass
    try:
        status = os.stat(path + ".gz")
    except FileNotFoundError:
        return
    mtime = mtime_of(hash_of(parts))
    if int(status.st_mtime) != mtime:
        replace(path + ".gz", compressed(parts), status, mtime)
        say("info", path + ".gz made anew")


def compressed(parts):
    """A text in parts as gzip, the same on every machine of one zlib: no name, no time."""
    import zlib

    maker = zlib.compressobj(9, zlib.DEFLATED, 31)
    for part in parts:
        view = memoryview(part)
        for start in range(0, len(view), _CHUNK):
            yield maker.compress(view[start : start + _CHUNK])
    yield maker.flush()


# --- The site


def mirror(source, output, pages):
    """Copy what lies beside the pages, unless it is there already."""
    skipped = {page + ending for page in pages for ending in ("", ".br", ".zst")}
    for path, below in walk(source):
        if path in skipped:
            continue
        target = os.path.join(output, below)
        status = os.stat(path)
        try:
            there = os.stat(target)
            if (there.st_size, there.st_mtime_ns) == (status.st_size, status.st_mtime_ns):
                continue
        except OSError:
            pass
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(path, "rb") as file:
            replace(target, iter(lambda: file.read(_CHUNK), b""), status, status.st_mtime)
        os.utime(target, ns=(status.st_mtime_ns, status.st_mtime_ns))


def walk(top, below="", above=()):
    """Each regular file under a folder, through links, with its path from there; not what the kubelet keeps for itself."""
    folder = os.path.join(top, below)
    real = os.path.realpath(folder)
    if real in above:
        return
    for name in sorted(os.listdir(folder)):
        path, inner = os.path.join(folder, name), os.path.join(below, name)
        if name.startswith(".."):
            continue
        if os.path.isdir(path):
            yield from walk(top, inner, above + (real,))
        elif os.path.isfile(path):
            yield path, inner


def find_pages(options):
    """The pages, as (where it is read, where it is written).

    Raises:
        Stop: a pattern finds none.
    """
    found = {}
    for pattern in options["html"]:
        whole = os.path.join(options["source"], pattern) if options["source"] else pattern
        paths = [whole]
        if any(sign in pattern for sign in "*?["):
            from glob import escape, glob

            folder = os.path.join(escape(options["source"]), "") if options["source"] else ""
            paths = sorted(path for path in glob(folder + pattern, recursive=True) if not os.path.isdir(path))
        if not paths or not all(map(os.path.exists, paths)):
            raise Stop(OUTSIDE, "there is no page %s" % next((p for p in paths if not os.path.exists(p)), whole))
        for path in paths:
            if options["source"]:
                target = os.path.join(options["output"], os.path.relpath(path, options["source"]))
            else:
                target = os.path.realpath(path)  # a link stays one: what it leads to gets the settings
            found[target] = path
    return [(path, target) for target, path in found.items()]


def render(options, table, values, say):
    """Write the settings into every page, and what goes with it."""
    pages = find_pages(options)
    script, data = script_of(table, values), data_of(table, values)
    element = element_of(options["mode"], script, data, options["public-path"])
    made = []
    for path, target in pages:
        page, status = read_file(path)
        try:
            made.append((target, with_element(page, element), status))
        except ValueError as error:
            raise Stop(OUTSIDE, "%s cannot be used: %s" % (path, error)) from None
    if options["source"]:
        mirror(options["source"], options["output"], {path for path, _ in pages})
    roots = {os.path.dirname(target) for target, _, _ in made}
    for root in roots:
        os.makedirs(root or ".", exist_ok=True)
        sweep(root)
    if options["mode"] == "file":
        root = options["output"] or os.path.commonpath([os.path.dirname(target) for target, _, _ in made])
        write_if_new(os.path.join(root, _SCRIPT_FILE), [script], made[0][2])
        write_twins(os.path.join(root, _SCRIPT_FILE), [script], made[0][2], say)
    for target, parts, status in made:
        is_new = write_if_new(target, parts, status)
        write_twins(target, parts, status, say)
        repair_workers(target, parts, roots, say)
        say("info", "%s has the settings%s" % (target, "" if is_new else " already"))
    write_policy(options, script, say)


def sweep(folder):
    """Remove what a start that was killed left half-written, unless another start may still be at it."""
    import time

    for name in os.listdir(folder or "."):
        path = os.path.join(folder, name)
        if name.startswith(".") and name.endswith(".chartgen"):
            try:
                if time.time() - os.lstat(path).st_ctime > 600:
                    os.unlink(path)
            except OSError:
                pass


def write_policy(options, script, say):
    """What a Content-Security-Policy must allow, for the log and for nginx to include."""
    if options["mode"] != "inline":
        return
    from binascii import b2a_base64

    source = "'sha256-%s'" % b2a_base64(sha256(script).digest(), newline=False).decode()
    say("info", "a Content-Security-Policy allows the settings by script-src " + source)
    if options["csp-file"]:
        text = '# Written by chartgen at every start.\nset $chartgen_script_hash "%s";\n' % source
        path = os.path.realpath(options["csp-file"])
        like = os.stat_result((0o100644, 0, 0, 1, os.geteuid(), os.getegid(), 0, 0, 0, 0))
        write_if_new(path, [text.encode()], like)


# --- Service workers, which pin the page by its hash


def repair_workers(target, parts, roots, say):
    """Give the manifests of Angular's and Workbox's service workers the page's new hash, or say that one pins it."""
    for root in roots:
        below = os.path.relpath(target, root).replace(os.sep, "/")
        if below.startswith(".."):
            continue
        for name in os.listdir(root or "."):
            path = os.path.join(root, name)
            if name == "ngsw.json":
                _repair_angular(path, below, parts, say)
            elif name.endswith(".js") and name.startswith(("sw", "service-worker", "precache-manifest")):
                _repair_workbox(path, below, parts, say)


def _repair_angular(path, below, parts, say):
    import json
    from hashlib import sha1

    text, status = read_file(path)
    try:
        manifest = json.loads(text)
        hashes = manifest["hashTable"]
        keys = [key for key in hashes if key == "/" + below or key.endswith("/" + below)]
    except (ValueError, KeyError, TypeError):
        say("warning", "%s is no manifest that chartgen knows: if it pins %s, browsers keep the old page" % (path, below))
        return
    made = sha1(b"".join(parts)).hexdigest()  # noqa: S324 - what Angular's worker compares
    key = min(keys, key=len, default=None)
    if key is not None and hashes[key] != made:
        hashes[key] = made
        new = json.dumps(manifest, indent=2, ensure_ascii=False).encode()
        write_if_new(path, [new], status)
        write_twins(path, [new], status, say)
        say("info", "%s pins %s by its new hash" % (path, below))


def _repair_workbox(path, below, parts, say):
    text, status = read_file(path)
    if below.encode() not in text:
        return
    import re

    name = re.escape(below.encode())
    url = rb'["\']?url["\']?\s*:\s*["\'](?:\./|/)?' + name + rb'["\']'
    revision = rb'["\']?revision["\']?\s*:\s*["\']'
    entry = re.compile(rb"(\{\s*(?:" + url + rb"\s*,\s*)?" + revision + rb')([^"\']*)(["\']\s*(?:,\s*' + url + rb")?\s*\})")
    made = hash_of(parts).hexdigest()[:32].encode()
    found = [match for match in entry.finditer(text) if re.search(url, match[0])]
    if not found:
        say("warning", "%s names %s in a way that chartgen does not know: it may pin the old page" % (path, below))
    for match in reversed(found):
        text = text[: match.start(2)] + made + text[match.end(2) :]
    if found and write_if_new(path, [text], status):
        write_twins(path, [text], status, say)
        say("info", "%s pins %s by its new revision" % (path, below))


# --- From start to end


def settle(options, say):
    """The values to write.

    Raises:
        Stop: they are wrong, and no defaults are to take their place.
    """
    beside = os.path.join(os.path.dirname(os.path.abspath(__file__)), "settings.py")
    table = load_table(options["table"] or beside)
    values, errors, warnings = judge(table, read_texts(table, options["settings"]))
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
    return table, values


def become(command):
    """Replace this process by the command, with signals and PATH as they were given.

    Raises:
        Stop: it cannot be run.
    """
    for name in ("SIGPIPE", "SIGXFSZ"):  # Python ignores them, and what is ignored stays so
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    sys.stdout.flush()
    sys.stderr.flush()
    try:
        os.execvp(command[0], command)
    except FileNotFoundError:
        raise Stop(127, "there is no command " + command[0]) from None
    except OSError as error:
        raise Stop(126, "%s cannot be run: %s" % (command[0], error.strerror)) from None


def main(arguments):
    """The exit status; no return where a command takes over."""
    as_json = os.environ.get("CHARTGEN_LOG") == "json" or "--log=json" in arguments

    def say(level, text):
        log(level, text, as_json)

    try:
        options, command = parse(arguments, os.environ)
        as_json = options["log"] == "json"
        table, values = settle(options, say)
        render(options, table, values, say)
        if not options["once"]:
            become(command)
    except Stop as stop:
        for line in stop.lines:
            if stop.status:
                say("error", line)
            else:
                sys.stdout.write(line + "\n")
        return stop.status
    except OSError as error:
        say("error", "%s: %s" % (error.filename or "a file", error.strerror))
        return OUTSIDE
    return 0


if __name__ == "__main__":
    _status = main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(_status)  # without what the interpreter does at its end: it takes longer than a page

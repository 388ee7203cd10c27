"""Pages that fool those who look for `<head>` by a pattern. `@` is where the settings belong."""

from __future__ import annotations

PAGES = {
    "a plain page": b"<!doctype html><html><head>@<title>t</title></head><body></body></html>",
    "a charset that begins the head": b'<!doctype html><html><head>\n<meta charset="utf-8">@<script>1</script></head></html>',
    "a charset in the old way": b"<head><meta http-equiv=Content-Type content=\"text/html; charset = 'UTF-8'\">@<title>t</title></head>",
    "a charset behind metas that do nothing": b'<head><meta name=viewport content="w"><!-- c --><meta charset=utf-8>@<p>',
    "a charset behind a title": b"<head>@<title>t</title><meta charset=utf-8>",
    "a charset behind a policy": b'<head>@<meta http-equiv=Content-Security-Policy content="script-src none"><meta charset=utf-8>',
    "a policy behind the charset": b"<head><meta charset=utf-8>@<meta http-equiv=Content-Security-Policy content=\"default-src 'self'\">",
    "no head": b"<!doctype html><html>@<body><p>x</p></body></html>",
    "no html": b"<!doctype html>@<title>t</title><p>x",
    "no tag": b"@just words",
    "a doctype alone": b"<!doctype html>@",
    "upper case": b"<!DOCTYPE HTML><HTML LANG=EN><HEAD>@<TITLE>t</TITLE></HEAD></HTML>",
    "blanks in tags": b"<!doctype html>\n<html\n\tlang=en\n>\n<head\n>@</head\n></html>",
    "a byte order mark": b"\xef\xbb\xbf<!doctype html><head>@</head>",
    "a comment with a head": b"<!doctype html><!-- <head> --><html><!--<head>--><head>@</head></html>",
    "a comment that ends at once": b"<!--><head>@</head>-->",
    "a comment that ends nearly at once": b"<!---><head>@</head>-->",
    "a comment that ends with a bang": b"<!-- --!><head>@</head>-->",
    "a comment with > and -- in it": b"<!-- > -- >> --><head>@</head>",
    "comments before the doctype": b"<!-- a --><!-- b --><!doctype html><head>@</head>",
    "a processing instruction": b'<?xml version="1.0"?><!doctype html><html><head>@</head></html>',
    "CDATA, which is a comment here": b"<![CDATA[ <head> @]]><head></head>",
    "> in an attribute": b"<html data-x='<head>' data-y=\"a>b\"><head class='>'>@</head></html>",
    "an attribute without quotes": b"<html class=a/b'c\"d=><head x=y>@</head></html>",
    "attributes of odd names": b'<html =a "b=c /d/ e = f><head>@</head></html>',
    "a head in a script": b"<!doctype html><html>@<script>var a = '<head>';</script><head></head></html>",
    "a head in a textarea": b"<!doctype html>@<textarea><head></textarea>",
    "a head in a template": b"<!doctype html>@<template><head></head></template>",
    "two heads": b"<html><head>@</head><head></head><body></body></html>",
    "two htmls": b"<html a=b><html c=d><head>@</head></html>",
    "a header, not a head": b"<!doctype html><html>@<header>x</header></html>",
    "headings": b"<!doctype html>@<h1>x</h1>",
    "a script before the head": b"<!doctype html>@<script>1</script><html><head></head></html>",
    "an end tag that means nothing": b"<!doctype html></div a='>'></p><head>@</head>",
    "an end tag that begins the head": b"<!doctype html><html>@</head><body></body>",
    "an end of nothing": b"<!doctype html></><head>@</head>",
    "a < that is a text": b"<!doctype html>@<3",
    "frames": b"<!doctype html><html>@<frameset><frame src=a></frameset></html>",
    "a self-closing head": b"<html/><head/>@<title>t</title>",
    "form feeds and carriage returns": b"\r\n\f<!doctype html>\r\n<html>\r<head>@\r\r</head>",
    "a doctype with > in quotes": b'<!doctype html PUBLIC "a>@b"><head></head>',
    "a policy that says the charset as well": b"<head>@<meta charset=utf-8 http-equiv=Content-Security-Policy content=x></head>",
    "a pragma that browsers may know": b"<head>@<meta charset=utf-8 http-equiv=refresh content=1></head>",
    "a charset said twice": b"<head><meta charset=utf-8 http-equiv=Content-Type content='text/html; charset=utf-8'>@</head>",
    "a reference to a blank before the doctype": b"&#32;<!doctype html><html><head class=a>@</head>",
    "references to blanks before the head": b"<html>&#x20;&NewLine;&Tab;&#0010&#X00a; &#9;\n&#12&#xC;&#13;&#xd<head class=a>@</head>",
    "a reference to a blank without its ;": b"<!doctype html>@&Tab <head></head>",
    "a reference to no blank": b"<!doctype html>@&#320;<head></head>",
    "references to nothing": b"<!doctype html>@&#;&#x;&;&<head></head>",
    "a reference of a great many digits": b"<!doctype html>@&#" + b"9" * 400 + b";<head></head>",
    "a charset far behind the title": b"<head>@<title><p></title><!--" + b"-" * 900 + b"--><meta charset=utf-8></head>",
    "a charset at the end of the first bytes": b"<head><!--" + b"-" * 994 + b"--><meta charset=utf-8>@</head>",
    "a mark's name in a text": b"<head>@<p>data-chartgen and data-chartgen-x=1",
}

TOLD_TOO_LATE = (
    "its encoding would be told behind the first 1,024 bytes, where browsers do not look for it; "
    "let <meta charset> be the first element of the head"
)
REFUSED = {
    "nothing": (b"", "it is empty"),
    "blanks alone": (b" \n\t\r\f", "it is empty"),
    "a comment without an end": (b"<!doctype html><!-- <head></head>", "it ends in the middle of a comment or a tag"),
    "a tag without an end": (b"<html lang='><head></head>", "it ends in the middle of a comment or a tag"),
    "a head without an end": (b"<html><head ", "it ends in the middle of a comment or a tag"),
    "UTF-16, little end first": (
        "<head></head>".encode("utf-16"),
        "it is in UTF-16 or UTF-32; expected UTF-8 or windows-1252",
    ),
    "UTF-16, without a mark": (
        "<head></head>".encode("utf-16-be"),
        "it is in UTF-16 or UTF-32; expected UTF-8 or windows-1252",
    ),
    "another encoding": (b"<meta charset=Shift_JIS>", "it is in shift_jis; expected UTF-8 or windows-1252"),
    "another encoding, in the old way": (
        b"<meta content='text/html; charsets charset=GBK' http-equiv=content-type>",
        "it is in gbk; expected UTF-8 or windows-1252",
    ),
    "another encoding, behind the first bytes": (
        b"<head><script>'<p>'</script><noscript><p></noscript></link><!--"
        + b"-" * 1100
        + b"--><meta charset=shift_jis>",
        "it is in shift_jis; expected UTF-8 or windows-1252",
    ),
    "another encoding, in an XML declaration": (
        b"<?xml version=\"1.0\" encoding = 'Shift_JIS'?><!doctype html><head></head>",
        "it is in shift_jis; expected UTF-8 or windows-1252",
    ),
    "an encoding that would be told too late": (
        b"<head><template></template><!--" + b"-" * 950 + b"--><meta charset=utf-8></head>",
        TOLD_TOO_LATE,
    ),
    "a byte order mark alone": (b"\xef\xbb\xbf \n", "it is empty"),
    "a NUL before the doctype": (
        b"<!-- x -->\0<!doctype html><head></head>",
        "there is a NUL before its head, which browsers read in different ways",
    ),
    "a NUL before the head": (
        b"<!doctype html>\0<head class=a></head>",
        "there is a NUL before its head, which browsers read in different ways",
    ),
    "a mark in capitals": (
        b"<head></head><p Data-Chartgen=1>",
        "it has data-chartgen= in it, which is not of chartgen's making",
    ),
    "a mark with blanks behind it": (
        b"<head></head><p data-chartgen data-chartgen \n =1>",
        "it has data-chartgen= in it, which is not of chartgen's making",
    ),
    "a mark in a text": (
        b"<head></head>data-chartgen=",
        "it has data-chartgen= in it, which is not of chartgen's making",
    ),
    "a script with a forged mark": (
        b'<head><script data-chartgen="' + b"0" * 64 + b'">alert(1)</script></head>',
        "it has data-chartgen= in it, which is not of chartgen's making",
    ),
}

ENCODINGS = {
    "a charset in a comment": (b"<!-- <meta charset=gbk> --><head>", ""),
    "a charset in an attribute": (b"<a title='<meta charset=gbk>'><meta charset=latin1>", "latin1"),
    "a charset in an end tag": (b"</meta charset=gbk><meta charset='UTF-8'>", "utf-8"),
    "the first of two": (b"<meta charset=a><meta charset=b>", "a"),
    "the first of two attributes": (b"<meta charset=a charset=b>", "a"),
    "a content without its http-equiv": (b"<meta content='charset=gbk'>", ""),
    "an unfinished tag": (b"<meta charset=gbk", "gbk"),
    "a name that only begins with meta": (b"<metadata charset=gbk>", ""),
    "a doctype": (b"<!doctype html '<meta charset=gbk>'><meta charset=b>", "b"),
    "a blank behind the label": (b"<meta http-equiv=content-type content='text/html; charset=gbk\tx'>", "gbk"),
    "a label at the end of the first bytes": (b"<!--" + b"-" * 1000 + b"--><meta charset=utf-8>", "utf-8"),
    "an XML declaration": (b'<?xml version="1.0" encoding="GBK"?>', "gbk"),
    "an XML declaration and a charset": (b'<?xml encoding="gbk"?><meta charset=utf-8>', "utf-8"),
    "an XML declaration that is none": (b'\n<?xml encoding="gbk"?>', ""),
    "an XML declaration without quotes": (b"<?xml encoding=gbk?>", ""),
    "a quote without its end": (b"<meta http-equiv=content-type content='charset=\"gbk'>", ""),
}

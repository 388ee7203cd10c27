"""The small wire reader against protobuf: the same fields, whatever the expression."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory
from google.protobuf.any_pb2 import Any as AnyMessage
from hypothesis import given, settings

from chartgen.settings.cel import Compiled, Scope
from chartgen.settings.expression import Expression, Literal, Reference, Type, walk
from tests.counts import examples
from tests.strategies import Case, cases

# The part of cel/expr/checked.proto and syntax.proto that rules use, with its field numbers.
_MESSAGES: dict[str, dict[str, tuple[int, str]]] = {
    "CheckedExpr": {"reference_map": (2, "*ReferenceEntry"), "type_map": (3, "*TypeEntry"), "expr": (4, "Expr"),
                    "source_info": (5, "SourceInfo")},
    "ReferenceEntry": {"key": (1, "int64"), "value": (2, "Reference")},
    "Reference": {"name": (1, "string"), "overload_id": (3, "*string")},
    "TypeEntry": {"key": (1, "int64"), "value": (2, "Type")},
    "Type": {"primitive": (3, "int32")},
    "SourceInfo": {"positions": (4, "*PositionEntry")},
    "PositionEntry": {"key": (1, "int64"), "value": (2, "int32")},
    "Expr": {"id": (2, "int64"), "const_expr": (3, "Constant"), "ident_expr": (4, "Ident"), "call_expr": (6, "Call"),
             "list_expr": (7, "List")},
    "Constant": {"bool_value": (2, "bool"), "int64_value": (3, "int64"), "double_value": (5, "double"),
                 "string_value": (6, "string")},
    "Ident": {"name": (1, "string")},
    "Call": {"target": (1, "Expr"), "function": (2, "string"), "args": (3, "*Expr")},
    "List": {"elements": (1, "*Expr")},
}  # fmt: skip
_SCALARS = {
    "int64": descriptor_pb2.FieldDescriptorProto.TYPE_INT64,
    "int32": descriptor_pb2.FieldDescriptorProto.TYPE_INT32,
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    "double": descriptor_pb2.FieldDescriptorProto.TYPE_DOUBLE,
    "string": descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
}


def checked_expr_class() -> Any:
    """protobuf's own class for `cel.expr.CheckedExpr`, from the table above."""
    file = descriptor_pb2.FileDescriptorProto(name="checked.proto", package="cel.expr", syntax="proto2")
    for name, fields in _MESSAGES.items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            label = "LABEL_REPEATED" if kind.startswith("*") else "LABEL_OPTIONAL"
            added = message.field.add(name=field, number=number)
            added.label = getattr(descriptor_pb2.FieldDescriptorProto, label)
            scalar = _SCALARS.get(kind.lstrip("*"))
            added.type = scalar or descriptor_pb2.FieldDescriptorProto.TYPE_MESSAGE
            if scalar is None:
                added.type_name = f".cel.expr.{kind.lstrip('*')}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("cel.expr.CheckedExpr"))


CHECKED = checked_expr_class()


def protobuf_leaves(compiled: Compiled) -> list[tuple[object, int]]:
    """Every literal and reference that protobuf finds, with its offset, in order of writing."""
    envelope = AnyMessage.FromString(compiled._program.serialize())
    checked = CHECKED.FromString(envelope.value)
    positions = {entry.key: entry.value for entry in checked.source_info.positions}
    leaves: list[tuple[object, int]] = []

    def visit(node: Any) -> None:
        if node.HasField("const_expr"):
            ((_, value),) = node.const_expr.ListFields()
            leaves.append((value, positions.get(node.id, 0)))
        elif node.HasField("ident_expr"):
            leaves.append((node.ident_expr.name, positions.get(node.id, 0)))
        elif node.HasField("list_expr"):
            for element in node.list_expr.elements:
                visit(element)
        else:
            if node.call_expr.HasField("target"):
                visit(node.call_expr.target)
            for argument in node.call_expr.args:
                visit(argument)

    visit(checked.expr)
    return leaves


def own_leaves(tree: Expression) -> list[tuple[object, int]]:
    """The same of our own nodes."""
    return [
        (".".join(("self", *node.path)) if isinstance(node, Reference) else node.value, node.offset)
        for node in walk(tree)
        if isinstance(node, Literal | Reference)
    ]


@settings(max_examples=examples(1000))
@given(cases())
def test_protobuf_reads_the_same_leaves_at_the_same_offsets(case: Case) -> None:
    for rule in case.settings.rules:
        assert isinstance(rule.program, Compiled)

        assert protobuf_leaves(rule.program) == own_leaves(rule.check)


SCOPE = Scope(
    (),
    {
        ("n",): Type.INTEGER,
        ("text",): Type.STRING,
        ("ratio",): Type.NUMBER,
        ("on",): Type.BOOLEAN,
        ("deep", "n"): Type.INTEGER,
    },
)


@pytest.mark.parametrize(
    "text",
    [
        "self.n > -9007199254740991",
        "self.ratio >= 0.000001",
        "self.text == '\\u00e9\\U0001f600'",
        "self.deep.n in [1, -2, self.n]",
        "!self.on || true && false",
        "(self.on ? self.n : -self.n) % 7 == 3",
        "size(self.text) + self.text.size() == 2",
        "self.text.startsWith('a') && self.text.endsWith('b') && self.text.contains('c') && self.text.matches('d')",
        "string(self.n) + string(self.on) + string(self.text) == 'x'",
        "self.n\n  >\n  0",
    ],
)
def test_every_form_of_the_subset_is_read_as_protobuf_reads_it(text: str) -> None:
    compiled = SCOPE.compile(text, Type.BOOLEAN)
    assert isinstance(compiled, Compiled), compiled

    assert protobuf_leaves(compiled) == own_leaves(compiled.tree)

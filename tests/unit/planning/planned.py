"""A project to plan for, and how a run of `chartgen plan` ended."""

from __future__ import annotations

from typing import NamedTuple

SHOP = """\
title: Shop
type: object
properties:
  theme: {type: string, default: dark, enum: [dark, light], x-env: SHOP_THEME}
  orders:
    type: object
    properties:
      patience: {type: integer, default: 10, minimum: 1, maximum: 60, x-env: SHOP_PATIENCE, x-unit: min, x-role: poll-timeout}
      every: {type: integer, default: 5, enum: [20, 10, 5, 2], x-env: SHOP_EVERY, x-unit: s, x-role: poll-interval}
      tries: {type: integer, default: 100, minimum: 10, maximum: 300, multipleOf: 10, x-env: SHOP_TRIES, x-role: poll-attempts}
x-kubernetes-validations:
  - {rule: self.orders.patience * 60 >= self.orders.every * self.orders.tries, message: patience ends before the tries do}
  - {rule: "self.theme != 'dark' || self.orders.every != 10", message: the dark theme is never at ten}
x-profiles:
  sale: {description: The sale., values: {orders: {every: 2, tries: 300}}}
"""
PROJECT = """\
settings: shop.yaml
chart: {name: shop}
image: {repository: example.com/shop, tag: "1"}
environments:
  prod: {values: [envs/base.yaml, envs/prod.yaml]}
  pinned: {values: [envs/prod.yaml], set: [settings.orders.every=2]}
"""
BASE = "settings:\n  orders: {every: 2}\n"
PROD = "# Production\nsettings:\n  theme: light   # as agreed\n  orders:\n    tries: 300\n"


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str

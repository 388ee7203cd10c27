import { useEffect, useRef, type RefObject } from "react";

/** An element that is focused when it appears, if that is wanted: whoever brought it about is there then. */
export function useFocus<Element extends HTMLElement>(isWanted: boolean): RefObject<Element | null> {
  const element = useRef<Element>(null);
  useEffect(() => {
    if (isWanted) element.current?.focus();
  }, [isWanted]);
  return element;
}

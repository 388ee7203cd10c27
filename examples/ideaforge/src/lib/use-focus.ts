import { useEffect, useLayoutEffect, useRef, type RefObject } from "react";

/** An element that is focused when it appears, if that is wanted: whoever brought it about is there then. */
export function useFocus<Element extends HTMLElement>(isWanted: boolean): RefObject<Element | null> {
  const element = useRef<Element>(null);
  useEffect(() => {
    if (isWanted) element.current?.focus();
  }, [isWanted]);
  return element;
}

/** An element that says so when it goes while it has the focus, which would else be thrown to the page's top. */
export function useFocusLost<Element extends HTMLElement>(onFocusLost: () => void): RefObject<Element | null> {
  const element = useRef<Element>(null);
  useLayoutEffect(() => {
    const found = element.current;
    return () => {
      if (document.activeElement === found) onFocusLost();
    };
    // What is called is the same all the time.
  }, []);
  return element;
}

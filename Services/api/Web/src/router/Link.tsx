import { forwardRef, type AnchorHTMLAttributes, type MouseEvent } from "react";
import { navigate } from "./history";

/** A link inside the application: a real one for the middle button, copying and screen readers. */
export const Link = forwardRef<HTMLAnchorElement, AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }>(
  function Link({ href, onClick, ...rest }, ref) {
    function follow(event: MouseEvent<HTMLAnchorElement>) {
      onClick?.(event);
      const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
      if (event.defaultPrevented || !isPlain) {
        return;
      }
      event.preventDefault();
      navigate(href);
    }
    return <a {...rest} ref={ref} href={href} onClick={follow} />;
  },
);

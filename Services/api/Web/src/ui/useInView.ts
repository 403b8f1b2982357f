import { useEffect, useState, type RefObject } from "react";

/**
 * Whether the element has been in sight at least once, or as near as `margin` CSS pixels: the time to ask for what it shows.
 */
export function useInView(element: RefObject<Element>, margin: number): boolean {
  const [wasSeen, setSeen] = useState(false);
  useEffect(() => {
    if (wasSeen || element.current === null) {
      return;
    }
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true), { rootMargin: `${margin}px` },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [element, margin, wasSeen]);
  return wasSeen;
}

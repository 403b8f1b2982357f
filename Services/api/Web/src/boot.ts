// Runs before the first paint, so that a chosen theme never flashes the other one. It is a file of its own because the
// page's content security policy allows no inline script.
import { applyTheme, storedTheme } from "./theme/theme";

applyTheme(storedTheme());

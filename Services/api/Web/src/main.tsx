import "./theme/tokens.css";
import "./theme/base.css";
import "./ui/controls.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App";

const element = document.getElementById("app");
if (element !== null) {
  createRoot(element).render(<StrictMode><App /></StrictMode>);
}

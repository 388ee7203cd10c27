/** The page starts: its settings are read, and followed from then on. */

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { MainApp } from "./components/MainApp";
import { followSettings } from "./lib/settings-news";
import "./styles/page.css";
import "./styles/controls.css";
import "./styles/job.css";

followSettings();
createRoot(document.querySelector("#root")!).render(
  <StrictMode>
    <MainApp />
  </StrictMode>,
);

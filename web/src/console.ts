// The console's entry: its styles and the small behaviours that make pages quicker to work. Every page works without it.
import "./console.css";
import { startCopying } from "./copy";
import { startDropZones } from "./drop";
import { startElevation } from "./elevation";
import { startInvitation } from "./invited";
import { startLive } from "./live";
import { startMenus } from "./menu";
import { startPasskeys } from "./passkey";

startMenus();
startCopying();
startDropZones();
startElevation();
startLive();
startPasskeys();
startInvitation();

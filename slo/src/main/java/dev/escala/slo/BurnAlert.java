package dev.escala.slo;

import java.util.List;

/**
 * When the error budget is spent too fast: over a long window, and still over a short one. After
 * the SRE workbook, table 5-8; but what pages must burn in the last five minutes, too, or half an
 * hour after an outage somebody would be called for what is over.
 */
enum BurnAlert {
  FAST("ErrorBudgetBurnFast", "14.4", "1h, 5m"),
  SLOW("ErrorBudgetBurnSlow", "6", "6h, 30m, 5m"),
  TICKET("ErrorBudgetTicket", "1", "3d, 6h");

  private final String alert;
  private final String factor;
  private final String windows;

  BurnAlert(String alert, String factor, String windows) {
    this.alert = alert;
    this.factor = factor;
    this.windows = windows;
  }

  String alert() {
    return alert;
  }

  /** How many times faster than would just use up the budget in 30 days. */
  String factor() {
    return factor;
  }

  /** Over each of them, the longest first. */
  List<String> windows() {
    return List.of(windows.split(", ", -1));
  }

  String longWindow() {
    return windows().getFirst();
  }
}

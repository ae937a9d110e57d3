package dev.escala.ops.slo;

/**
 * When the error budget is spent too fast: over a long window, and still over a short one. After
 * the SRE workbook, table 5-8.
 */
enum BurnAlert {
  FAST("ErrorBudgetBurnFast", "1h", "5m", "14.4"),
  SLOW("ErrorBudgetBurnSlow", "6h", "30m", "6"),
  TICKET("ErrorBudgetTicket", "3d", "6h", "1");

  private final String alert;
  private final String longWindow;
  private final String shortWindow;
  private final String factor;

  BurnAlert(String alert, String longWindow, String shortWindow, String factor) {
    this.alert = alert;
    this.longWindow = longWindow;
    this.shortWindow = shortWindow;
    this.factor = factor;
  }

  String alert() {
    return alert;
  }

  String longWindow() {
    return longWindow;
  }

  String shortWindow() {
    return shortWindow;
  }

  /** How many times faster than would just use up the budget in 30 days. */
  String factor() {
    return factor;
  }
}

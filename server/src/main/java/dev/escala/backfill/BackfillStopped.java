package dev.escala.backfill;

/** The database took nothing for as long as was waited for it; what it took before is noted. */
public final class BackfillStopped extends Exception {
  private static final long serialVersionUID = 1L;

  BackfillStopped(String why) {
    super(why);
  }
}

package dev.escala.model;

/** What a caller may be allowed to do. */
public enum Action {
  /** Read relations by the dialect. */
  READ,
  /** Send SQL of one's own. */
  SQL,
  /** Publish to topics. */
  PUBLISH,
  /** See how topics are, with their dead letters, and work on these. */
  OPERATE,
  /** Change something on the admin port. */
  ADMIN
}

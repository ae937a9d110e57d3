package dev.escala.http;

/**
 * Escala's own error codes, each with its HTTP status. Errors of the PostgREST dialect keep that
 * dialect's codes, errors of the database their SQLSTATE. The list in {@code docs/errors.md} is
 * checked against this one.
 */
public enum ErrorCode {
  /** Something failed on our side; the log knows what. */
  ESC000(500),
  /** The database does not answer. */
  ESC001(503),
  /** The server stops. */
  ESC002(503),
  /** The table or the rights do not fit the configuration of the topic; a person has to act. */
  ESC003(503),
  /** The table has to change for the message, and others use it. */
  ESC004(503),
  /** Other requests use all connections of the kind that the request needs. */
  ESC005(503),
  /** The keys that tokens are checked with cannot be had. */
  ESC006(503),
  /** No such path. */
  ESC100(404),
  /** The path does not have this method. */
  ESC101(405),
  /** No such database. */
  ESC102(404),
  /** No such topic. */
  ESC103(404),
  /** The path, the query string or a header is not well formed, or the request is no HTTP. */
  ESC104(400),
  /** The path and the query string are too long. */
  ESC105(414),
  /** The headers are too large. */
  ESC106(431),
  /** The body is larger than the limit. */
  ESC110(413),
  /** The media type or the encoding of the body is not known. */
  ESC111(415),
  /** The body is not well formed. */
  ESC112(400),
  /** No room for more messages now. */
  ESC113(503),
  /** The body did not come in time. */
  ESC114(408),
  /** The SQL is refused by rule. */
  ESC120(400),
  /** The estimated cost of the SQL is above the limit. */
  ESC121(400),
  /** SQL over HTTP is switched off for this database. */
  ESC122(403),
  /** A parameter of the SQL has no value, or a value no parameter. */
  ESC123(400),
  /** No representation that the client accepts. */
  ESC124(406),
  /** The SQL took longer than its time limit. */
  ESC125(400),
  /** More rows of an embedded relation belong to one row than an answer holds. */
  ESC126(400),
  /** What is given as the position of a page is none in its order. */
  ESC127(400),
  /** The rows have no order in which pages could follow each other. */
  ESC128(400),
  /** The topic cannot have a table of its own. */
  ESC130(409),
  /** Too many topics were invented. */
  ESC131(429),
  /** The key or the role may not do this. */
  ESC140(403),
  /** The API key is none that opens anything. */
  ESC141(401),
  /** The API key asks too often. */
  ESC142(429),
  /** What the database made for a media type is larger than an answer that is held whole. */
  ESC144(400),
  /** This process stores nothing. */
  ESC145(403),
  /** The published query does not fit the database; a person has to act. */
  ESC146(500),
  /** Plans are not shown for this database. */
  ESC147(403),
  /** A page of a web site asks for what only programs and named origins may have. */
  ESC148(403),
  /** The result is longer than the answer of a tool may be. */
  ESC149(413),
  /** No content coding that the client allows. */
  ESC150(406),
  /** A value has no place in the type that its column has in the form of the answer. */
  ESC152(400),
  /** The database cancelled a read for what happened beside it, and again when it was repeated. */
  ESC153(503),
  /** The rows of the relation are not noted for those who listen. */
  ESC154(406),
  /** The request asks for what has no meaning while rows come one by one. */
  ESC155(400),
  /** What was stored behind the position is not kept any more. */
  ESC156(410),
  /** The signature is not that of SNS, or no longer good. */
  ESC157(403),
  /** SNS may not push this to the topic. */
  ESC158(403),
  /** What was pushed is not what SNS sends. */
  ESC159(400),
  /** Whether SNS sent it, or a subscription, cannot be settled now. */
  ESC160(503),
  /** What is asked of tables over several servers cannot be answered by them. */
  ESC161(400),
  /** A server that holds a part of a table does not answer. */
  ESC162(503),
  /** A parameter about dead letters cannot be read. */
  ESC163(400),
  /** No such dead letter. */
  ESC164(404),
  /** The database took no more of the dead letters that are replayed. */
  ESC165(503),
  /** The replica that is read from may be further behind than it is allowed to be. */
  ESC167(503),
  /** A database has as many tables of topics that no configuration names as it may have. */
  ESC168(429),
  /** Topics and dead letters are not for who is not known. */
  ESC170(403);

  private final int status;

  ErrorCode(int status) {
    this.status = status;
  }

  public int status() {
    return status;
  }
}

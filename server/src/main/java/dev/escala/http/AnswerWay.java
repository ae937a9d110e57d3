package dev.escala.http;

import dev.escala.http.connection.Client;
import dev.escala.http.connection.ClientConnection;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;

/**
 * How an answer gets to its client.
 *
 * @param context on which it is written
 * @param connection which has the accounts of what clients take
 * @param pauses counts the time in which nothing can be done but to wait for the client
 */
record AnswerWay(
    HttpServerResponse response,
    Context context,
    ClientConnection connection,
    Client client,
    ClientWait pauses) {}

/**
 * {@code POST /{database}/mcp}: what the read side answers, as tools of the Model Context Protocol.
 *
 * <p>Rejects messages that are none of the protocol, pages of strange origins, and arguments that a
 * tool does not have. All that reads goes through the handlers of the other endpoints.
 */
@NullMarked
package dev.escala.serve.mcp;

import org.jspecify.annotations.NullMarked;

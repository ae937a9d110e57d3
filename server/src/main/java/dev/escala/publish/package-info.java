/**
 * Files whose content is to be published: what a file is, and the messages in it.
 *
 * <p>Rejects a file of which nobody can say how it is to be read; single messages are left to the
 * topic.
 */
@NullMarked
package dev.escala.publish;

import org.jspecify.annotations.NullMarked;

/** What real clients were seen to send, sent again; the answers are compared with an upstream server's. */
package io.jollyboat.apiserver.clients;
